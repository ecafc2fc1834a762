import pytest
from pydantic import ValidationError

from builder.screens.connections import (
    BLANK,
    FIELDS,
    PROVIDERS,
    SENDS,
    WRONG,
    WRONG_CREDENTIAL,
    connecting_of,
    credential_of,
    model_of,
)
from runtime.gateway import OFFERED
from runtime.operations.connecting import Connecting, Credential, ModelConnecting

FORM = BLANK["http"] | {"name": "Ticket desk", "host": "desk.example.com"}
MODEL = BLANK["model"] | {"name": "Vendor", "base_url": "https://api.example.com/v1"}


def test_a_switch_is_off_when_the_browser_does_not_send_it():
    assert (connecting_of({**FORM}).internal, connecting_of({**FORM}).plain) == (False, False)
    assert connecting_of({**FORM, "internal": "on"}).internal is True


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("host", " "), ("probe", "x"), ("description", "a" * 301)],
)
def test_what_does_not_fit_is_told_at_its_field(field: str, value: str):
    with pytest.raises(ValidationError) as refusal:
        connecting_of({**FORM, field: value})
    assert {str(each["loc"][0]) for each in refusal.value.errors()} == {field}
    assert field in WRONG


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("base_url", "")])
def test_the_same_of_models(field: str, value: str):
    with pytest.raises(ValidationError) as refusal:
        model_of({**MODEL, field: value})
    assert {str(each["loc"][0]) for each in refusal.value.errors()} == {field}
    assert field in WRONG


@pytest.mark.parametrize(("field", "value"), [("header", "X Y"), ("query", "a b"), ("key_env", "PATH")])
def test_the_same_of_credentials_whose_secret_is_never_repeated(field: str, value: str):
    with pytest.raises(ValidationError) as refusal:
        credential_of({"how": "bearer", "secret": "sk-canary", field: value})
    assert {str(each["loc"][0]) for each in refusal.value.errors()} == {field}
    assert field in WRONG_CREDENTIAL
    assert "sk-canary" not in str(refusal.value)


def test_what_the_forms_do_not_ask_for_cannot_be_set_by_them():
    assert set(FIELDS["http"]) <= set(Connecting.model_fields)
    assert set(FIELDS["model"]) <= set(ModelConnecting.model_fields)
    assert "stopped" not in connecting_of({**FORM, "stopped": "", "id": "con_1"}).model_dump()


def test_every_kind_of_credential_and_every_provider_has_words():
    assert set(SENDS) == {"bearer", "header", "basic", "query"}
    assert set(PROVIDERS) <= set(OFFERED)
    assert all(credential_of({"how": each, "secret": "x"}).kind == each for each in SENDS)
    assert isinstance(credential_of({"how": "basic", "login": "robot", "secret": "x"}), Credential)
