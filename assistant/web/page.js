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

// From a citation to its document on the tab Sources, at the place of the quote; from an answer to where the official
// texts are fetched. What is to be shown is drawn a moment after the tab is chosen and an open document is closed.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-document], button[data-fetch]");
  if (!button) return;
  document.getElementById("tab-sources-button")?.click();
  const { document: wanted, at } = button.dataset;
  const go = (tries) => {
    document.getElementById("back-to-sources")?.click();
    const found = wanted
      ? document.querySelector(`#indexed button.open[data-source="${CSS.escape(wanted)}"]`)
      : document.querySelector("#fetch");
    if (!found) {
      if (tries) setTimeout(go, 100, tries - 1);
      return;
    }
    if (wanted) {
      found.dataset.at = at;
      found.click();
      return;
    }
    setTimeout(() => {  // Gradio puts the focus where one comes from
      const there = document.querySelector("#fetch");
      there?.focus();
      there?.scrollIntoView({ block: "center" });
    }, 300);
  };
  setTimeout(go, 100, 50);
});

// A lost connection is told: Gradio itself would leave a question waiting for ever. The question that was on its way
// comes back into the box.
{
  const often = 3000, seldom = 15000;  // milliseconds between two looks, while an answer is awaited or the server is away
  let missed = 0;
  const look = async () => {
    const told = document.getElementById("lost");
    const waiting = document.querySelector(".turn .waiting");
    if (told && !document.hidden) {
      const there = await fetch("/health", { cache: "no-store" }).then((answer) => answer.ok, () => false);
      if (!there && ++missed === 2) {
        told.textContent = told.dataset.lost;
        const box = document.querySelector("#question textarea");
        const asked = waiting?.closest(".turn").querySelector("h3 .asked")?.textContent;
        if (box && asked && !box.value) {
          box.value = asked;
          box.dispatchEvent(new Event("input", { bubbles: true }));
        }
      }
      if (there && missed > 1) told.textContent = told.dataset.back;
      if (there) missed = 0;
    }
    setTimeout(look, waiting || missed ? often : seldom);
  };
  setTimeout(look, seldom);
}

// Names that Gradio gives in English only, whatever the language of the page.
{
  const name = () => {
    const words = document.querySelector("#header header")?.dataset;
    if (!words) return;
    for (const [english, own] of [["More tabs", words.tabs], ["Click to upload or drop files", words.upload]])
      if (english !== own)
        document.querySelectorAll(`[aria-label="${english}"]`).forEach((one) => one.setAttribute("aria-label", own));
  };
  new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });
  name();
}
