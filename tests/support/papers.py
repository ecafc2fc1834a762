"""Small files of every kind for knowledge bases, made by hand, and hostile ones."""

import zipfile
import zlib
from io import BytesIO

LEAVE = "Everybody has thirty days of leave a year."


def pdf(*pages: str) -> bytes:
    """A PDF with a line of text on each page."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for text in pages:
        content = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1"
            b" << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>" % (len(objects) + 2)
        )
        kids.append(len(objects))
        objects.append(_stream(content))
    listed = b" ".join(b"%d 0 R" % each for each in kids)
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(kids))
    return pdf_of(objects)


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF of these objects, the first its catalogue."""
    body, places = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))
    return b"%sxref\n0 %d\n0000000000 65535 f \n%s%s" % (body, len(objects) + 1, table, end)


def _stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(content), more, content)


def deep_pdf(levels: int = 20_000) -> bytes:
    """A PDF whose one page lies so deep in its tree."""
    tree = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (at + 3) for at in range(levels)]
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", *tree, b"<< /Type /Page /MediaBox [0 0 1 1] >>"])


def nested_pdf(levels: int = 200_000) -> bytes:
    """A PDF with lists in lists in lists."""
    lists = b"[" * levels + b"]" * levels
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R /X %s >>" % lists, b"<< /Type /Pages /Kids [] /Count 0 >>"])


def round_pdf() -> bytes:
    """A PDF whose pages hold themselves."""
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"])


def swollen_pdf(unpacked: int = 1_000_000_000) -> bytes:
    """A PDF of a megabyte with one page that unpacks to a thousand."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(unpacked // 1_000_000)) + packer.flush()
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1 1] /Contents 4 0 R >>"
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, _stream(packed, b"/Filter /FlateDecode ")])


def docx(*paragraphs: tuple[str, str]) -> bytes:
    """A Word file of (style, text); style is `Heading1`, … or empty."""
    styled = '<w:pPr><w:pStyle w:val="{}"/></w:pPr>'
    said = "".join(
        f"<w:p>{styled.format(style) if style else ''}<w:r><w:t>{text}</w:t></w:r></w:p>" for style, text in paragraphs
    )
    return word(f"<w:body>{said}</w:body>")


def word(body: str, before: str = "", **parts: bytes) -> bytes:
    """A Word file around this body, with further parts in its archive; `before` stands before its document."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/></w:style>' for n in (1, 2)
    )
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", f'{before}<w:document xmlns:w="{space}">{body}</w:document>')
        archive.writestr("word/styles.xml", f'<w:styles xmlns:w="{space}">{styles}</w:styles>')
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
    ' ContentType="application/xml"/><Override PartName="/word/document.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)


def laughing() -> bytes:
    """A Word file with a word that stands for a milliard others."""
    more = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
    return word("<w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body>", f'<!DOCTYPE x [<!ENTITY a0 "ha">{more}]>')


def reaching(address: str) -> bytes:
    """A Word file with a word that stands for what is at an address."""
    return word(
        "<w:body><w:p><w:r><w:t>Before &e; after.</w:t></w:r></w:p></w:body>",
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>',
    )


def bomb() -> bytes:
    """A Word file of some kilobytes that says it unpacks to more than a document may hold."""
    kept = BytesIO(word("<w:body/>"))
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image.bin", b"\0" * 1_000_000)
        archive.getinfo("word/media/image.bin").file_size = 250_000_000
    return kept.getvalue()


def quiet_bomb() -> bytes:
    """A Word file whose one document is large enough to want more memory than a reader gets."""
    return word("<w:body>" + "<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 4_000_000 + "</w:body>")
