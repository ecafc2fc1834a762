"""Small workflows for the tests of this folder."""

from typing import Any

from runtime.graph.document import Document, Edge, Label, Meaning, RunSettings, Step, StepWords, Words


def summary(*, data_class: str = "internal", tags: tuple[str, ...] = (), audience: str = "internal") -> Document:
    """Start, ask a model, finish: a text in, its summary out."""
    asked: dict[str, Any] = {"name": "text", "kind": "paragraph", "data_class": data_class, "tags": list(tags)}
    return Document(
        name="summary",
        words=Words(
            title="Summary",
            description="Says in one sentence what a text is about.",
            steps={
                "start": StepWords(title="The text", labels={"text": Label(label="Text", help="Paste it here.")}),
                "ask": StepWords(title="Summarise"),
                "finish": StepWords(title="Done"),
            },
        ),
        meaning=Meaning(
            steps={
                "start": Step(type="flow.start", settings={"inputs": [asked]}),
                "ask": Step(
                    type="ai.ask_model",
                    settings={"messages": [{"role": "user", "text": "Summarise: {{ start.text }}"}]},
                ),
                "finish": Step(
                    type="flow.finish", settings={"outputs": [{"name": "answer", "value": "{{ ask.text }}"}]}
                ),
            },
            edges=(Edge.between("start", "ask"), Edge.between("ask", "finish")),
            run=RunSettings.model_validate({"audience_class": audience}),
        ),
    )
