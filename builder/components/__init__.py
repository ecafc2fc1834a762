"""The design system in Python: thin functions that give elements with the classes of `assets/greenlane.css`.

Screens put these together and use nothing else. What is interactive without the server (a dialog's focus, a menu,
a copied key, times that age) is a small .jsx file beside its function. In reading order:

- `icon`       one icon of the one set, by name
- `button`     buttons, icon buttons, links that look like buttons
- `link`       a link inside the product
- `field`      label, control, help and error as one; text, paragraph, number, select, toggle, search
- `checked_form` a form that is checked as a whole, and says at each field what it wants
- `badge`      statuses, tones, tiers
- `card`, `section`, `table`, `tabs`, `tree`, `code`, `chart`, `empty`, `loading`   showing things
- `shelf`      cards of things to open; `narrow` makes a list shorter as one types
- `dialog`, `menu`, `toast`   things on top; `toast` also holds what is told after an action
- `asking`     the state of a page that asks in dialogs
- `once`       a secret that is shown once; `api_keys` the keys of a person or an app, which are such secrets
- `files`      files of forms, chats and runs; where a message of a chat is written
- `prose`      text of a model, made readable
- `post_form` a button that posts a plain form
- `copy`, `when`   a text to take along; a moment, told as people do; `again` asks anew while somebody looks
- `share`      who may do what with a thing; `holders` looks for somebody to give a right to
- `theme_choice`   light, dark, or as the system
- `shell`      the frame around every screen, plain or full-bleed
- `connection` what is shown while the server cannot be reached; `crash` when a page fails
"""
