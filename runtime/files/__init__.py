"""Files as bytes: where they lie (`bodies`), what they are by their content (`kinds`), what they are called (`names`).

Which file belongs to whom stands in rows (`store.files`), and who may do what with it is asked in `operations.files`.
"""
