import json

from builder.components.field import text_input


def rendered(**props) -> str:
    return json.dumps(text_input("Name", "title", **props).render())


def test_the_label_belongs_to_its_control():
    html = rendered()
    assert 'htmlFor:\\"field-title\\"' in html
    assert 'id:\\"field-title\\"' in html


def test_an_error_stands_in_place_of_the_help_and_marks_the_control():
    right, wrong = rendered(help="What people look for."), rendered(help="What people look for.", error="It is empty.")
    assert "What people look for." in right
    assert '\\"aria-invalid\\":false' in right
    assert "It is empty." in wrong
    assert '\\"aria-invalid\\":true' in wrong


def test_a_field_is_required_unless_it_says_optional():
    assert "required:true" in rendered()
    assert "required:false" in rendered(optional=True)
