"""The plain walk-through as parts, steps and prompts."""

from builder.components.walk import parts_of

TOLD = """Greeting
Says hello.

Step by step
1. Which way (or not)? (Branch)
  Goes on.
    > You are kind.
     \x20
        - Always.
    > And short.
2. Guard
  Masks 3. names.

Worth a look
- Nothing follows “Ask”.
"""


def test_a_walk_is_told_by_its_headings_without_title_and_description():
    assert [each["title"] for each in parts_of(TOLD)] == ["Step by step", "Worth a look"]


def test_a_step_is_told_from_what_it_does_and_from_what_a_model_is_told():
    step, does, prompt, other, unnamed, more = parts_of(TOLD)[0]["lines"]
    assert (step["kind"], step["number"], step["text"], step["about"]) == ("step", "1", "Which way (or not)?", "Branch")
    assert (does["kind"], does["text"]) == ("does", "Goes on.")
    assert (prompt["kind"], prompt["text"]) == ("prompt", "You are kind.\n\n  - Always.")
    assert (other["kind"], other["text"]) == ("prompt", "And short.")
    assert (unnamed["kind"], unnamed["number"], unnamed["text"], unnamed["about"]) == ("step", "2", "Guard", "")
    assert (more["kind"], more["text"]) == ("does", "Masks 3. names.")
    assert parts_of(TOLD)[1]["lines"][0]["text"] == "Nothing follows “Ask”."


def test_lines_of_code_are_one_and_keep_their_blank_lines():
    code = "    | def main():\n    | \n    |     return {}"
    told = f"T\n\nStep by step\n1. Count (Code)\n  Runs 3 lines.\n{code}\n  Then: 2. End."
    step, does, code, then = parts_of(told)[0]["lines"]
    assert (code["kind"], code["text"]) == ("code", "def main():\n\n    return {}")
    assert (step["kind"], does["kind"], then["text"]) == ("step", "does", "Then: 2. End.")


def test_steps_inside_of_others_and_of_called_workflows_stand_further_in():
    told = """T

Step by step
1. Each (For each)
  Does it.
  Then: 2. Call.
1.1. Ask (Ask a model)
    > One
      two
  Then: nothing.
2. Call (Run a workflow)
  That workflow does this:
    1. Loop
      Again.
    1.1. Deep (Branch)
        > Kind
          words
      Then: nothing.
    2. End (Finish)
      The end.
  Then: 3. Done.
3. Done
  Bye.
"""
    found = [(each["kind"], each["number"] or each["text"], each["depth"]) for each in parts_of(told)[0]["lines"]]
    assert found == [
        ("step", "1", 0), ("does", "Does it.", 0), ("does", "Then: 2. Call.", 0),
        ("step", "1.1", 1), ("prompt", "One\ntwo", 1), ("does", "Then: nothing.", 1),
        ("step", "2", 0), ("does", "That workflow does this:", 0),
        ("step", "1", 1), ("does", "Again.", 1), ("step", "1.1", 2), ("prompt", "Kind\nwords", 2),
        ("does", "Then: nothing.", 2), ("step", "2", 1), ("does", "The end.", 1),
        ("does", "Then: 3. Done.", 0), ("step", "3", 0), ("does", "Bye.", 0),
    ]  # fmt: skip
