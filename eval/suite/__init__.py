"""The evaluation suite behind `python -m eval`: cases in, figures, gates and a report out; no model is asked to judge.

    cases → writers → judged, answer by answer → figures with n and interval → gates → terminal, JSON, HTML

Nothing here is used by the assistant, and nothing that the assistant decides is taken for granted: whether a quote
stands, supports its statement and was in force is worked out again from the texts and dates of the corpus.
"""
