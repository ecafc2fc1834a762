"""Files of other products, and our own, as documents: bytes in, a document and a report out. Nothing is opened, started
or asked.

In reading order: `report` (what became of each step, and what a person has to look at), `loose` (reading data nobody
has checked), `opening` (bytes to plain data, at most so much of it), `importing` (which kind of file it is, and the
door in). `dify` knows the files of Dify."""
