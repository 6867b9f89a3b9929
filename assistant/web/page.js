// Citation marks and the links back: shows the card of a citation and moves as little of the page as it can. Plain
// links to #ids, which work without this too, would scroll the answer away while the panel stands beside it.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".gradio-container a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  document.querySelectorAll(".card.shown").forEach((card) => card.classList.remove("shown"));
  if (target.matches(".card")) target.classList.add("shown");
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: window.matchMedia("(max-width: 900px)").matches ? "start" : "nearest" });
});
