"""Knowledge bases: what is in a file, and how a passage of it is found. In reading order:

- `media`      what kind of file it is, by its content
- `reading`    a file into pages and passages, in a child process with limits
- `extracting` a file of a run into text or rows, in such a child too
- `pages`, `markup`, `sheets`   in the child: text from PDF, Word, HTML, rows of tables
- `splitting`  in the child: text into passages with place and heading
- `minilm`     the tokenizer, vendored and checked
- `libraries`  what is heavy, loaded at the first use
- `embedding`  passages into vectors: MiniLM by ONNX, no network, loaded at the first use
- `index`      Chroma: one folder, one owner
- `shelves`    its collections: one that small bases share, one for each large base
- `scoring`    how passages found by meaning and by words are put in one order

It knows no rows: texts and vectors are kept by `store.knowledge`, and `engine.knowledge` brings the two together.
"""
