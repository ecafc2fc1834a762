"""What happens: from an empty product to the auditor who reads a run whole. One file for each place it plays in."""

from tests.story.acts.app import published, read_whole, stopped, used
from tests.story.acts.draft import changed, mended
from tests.story.acts.example import tried
from tests.story.acts.handbook import knowledge
from tests.story.acts.people import people
from tests.story.acts.review import approved, sent_back
from tests.story.acts.template import template

ACTS = (people, knowledge, template, tried, changed, sent_back, mended, approved, published, used, stopped, read_whole)
