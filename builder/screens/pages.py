"""Which screen stands at which address."""

import reflex as rx

from builder import routes
from builder.components.places import arriving
from builder.screens import (
    account,
    app,
    app_view,
    apps,
    audit,
    compare,
    compare_view,
    connections,
    connections_view,
    decide,
    gallery,
    inbox,
    knowledge,
    knowledge_base,
    knowledge_base_view,
    library,
    models,
    models_view,
    not_found,
    passage,
    people,
    people_view,
    policies,
    policies_view,
    review,
    review_view,
    reviews,
    run,
    run_view,
    runs,
    runs_view,
    start,
    template,
    workflows,
)

PAGES = (
    (routes.START, "Start", start.screen, None),
    (routes.WORKFLOWS, "Workflows", workflows.screen, workflows.Workflows.load),
    (routes.LIBRARY, "Library", library.screen, library.Library.load),
    (routes.TEMPLATE, "Template", template.screen, template.Template.load),
    (routes.RUNS, "Runs", runs_view.screen, runs.Runs.load),
    (routes.COMPARE, "Compare runs", compare_view.screen, compare.Compare.load),
    (routes.RUN, "Run", run_view.screen, run.Run.load),
    (routes.KNOWLEDGE, "Knowledge", knowledge.screen, knowledge.Knowledge.load),
    (routes.BASE, "Knowledge base", knowledge_base_view.screen, knowledge_base.OneBase.load),
    (routes.PASSAGE, "Passage", passage.screen, passage.OnePassage.load),
    (routes.APPS, "Apps", apps.screen, apps.Apps.load),
    (routes.APP, "App", app_view.screen, app.App.load),
    (routes.MODELS, "Models", models_view.screen, models.Models.load),
    (routes.CONNECTIONS, "Connections", connections_view.screen, connections.Connections.load),
    (routes.POLICIES, "Policies", policies_view.screen, policies.Policies.load),
    (routes.PEOPLE, "People", people_view.screen, people.People.load),
    (routes.INBOX, "Inbox", inbox.screen, inbox.Inbox.load),
    (routes.ENTRY, "Decision", decide.screen, decide.Decide.load),
    (routes.REVIEWS, "Reviews", reviews.screen, reviews.Reviews.load),
    (routes.REVIEW, "Review", review_view.screen, review.ReviewPage.load),
    (routes.AUDIT, "Audit", audit.screen, audit.Audit.load),
    (routes.ACCOUNT, "Account", account.screen, account.Account.load),
    (routes.GALLERY, "Gallery", gallery.screen, None),
    ("404", "Page not found", not_found.screen, None),
)
"""Address, title, what is drawn, what is loaded first."""


def add_pages(app: rx.App) -> None:
    for route, title, draw, load in PAGES:
        app.add_page(
            draw, route=route, title=f"{title} · Greenlane", on_load=arriving(route, *([load] if load else []))
        )
