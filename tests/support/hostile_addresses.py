"""Addresses nobody may be led to, and the answers of name services that would lead there. `{port}` is where somebody
listens."""

ADDRESSES = (
    # digits in the place of a name
    "http://127.0.0.1:{port}/", "http://2130706433:{port}/", "http://0x7f000001:{port}/", "http://017700000001:{port}/",
    "http://127.1:{port}/", "http://127.0.1:{port}/", "http://0177.0.0.1:{port}/", "http://0x7f.1:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/", "http://127.0.0.1.:{port}/", "http://0:{port}/", "http://0.0.0.0:{port}/",
    "http://00000177.1:{port}/", "http://127.000.000.001:{port}/", "http://127.0.0.257:{port}/", "http://4294967296/",
    # and in six
    "http://[::1]:{port}/", "http://[::]:{port}/", "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/", "http://[0:0:0:0:0:ffff:7f00:1]:{port}/", "http://[::ffff:0:7f00:1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/", "http://[64:ff9b:1::7f00:1]:{port}/", "http://[2002:7f00:1::]:{port}/",
    "http://[::127.0.0.1]:{port}/", "http://[2001:0:7f00:1::1]:{port}/", "http://[2606:4700::5efe:7f00:1]:{port}/",
    "http://[2606:4700::200:5efe:7f00:1]:{port}/", "http://[::1%25lo]:{port}/", "http://[fe80::1%25lo]:{port}/",
    "http://[fe80::1]:{port}/", "http://[fec0::1]:{port}/", "http://[fd12:3456::1]:{port}/", "http://[ff02::1]:{port}/",
    "http://[2001:db8::1]:{port}/", "http://[::1:{port}/", "http://::1:{port}/",
    # where clouds keep their secrets
    "http://169.254.169.254/latest/meta-data/", "http://2852039166/latest/", "http://0xA9FEA9FE/",
    "http://169.254.43518/", "http://169.254.170.2/v2/", "http://100.100.100.200/", "http://168.63.129.16/",
    "http://192.0.0.192/", "http://[::ffff:a9fe:a9fe]/", "http://[::ffff:169.254.169.254]/", "http://[fd00:ec2::254]/",
    "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:a9fe:a9fe::1]/", "http://[fd20:ce::254]/",
    # private networks and no hosts at all
    "http://10.0.0.1/", "http://10.255.255.255/", "http://192.168.1.1/", "http://172.16.0.1/", "http://172.31.255.1/",
    "http://100.64.0.1/", "http://198.18.0.1/", "http://192.0.2.1/", "http://224.0.0.1/", "http://239.255.255.250/",
    "http://240.0.0.1/", "http://255.255.255.255/", "http://0.1.2.3/", "https://10.0.0.1/", "http://192.88.99.1/",
    # names that look like something else
    "http://user@127.0.0.1:{port}/", "http://api.example.com@127.0.0.1:{port}/", "http://a:b@127.0.0.1:{port}/",
    "http://api.example.com:80@127.0.0.1:{port}/", "http://127.0.0.1:{port}#@api.example.com/",
    "http://api.example.com\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@api.example.com/",
    "http://127.0.0.1%2f.example.com:{port}/", "http://%31%32%37.0.0.1:{port}/", "http://127.0.0.1%00.example.com/",
    "http://①②⑦.⓪.⓪.①:{port}/", "http://127。0。0。1:{port}/", "http://127．0．0．1:{port}/", "http://ⓛocalhost:{port}/",
    "http://loc\u00adalhost:{port}/", "http:\\\\127.0.0.1:{port}/", "http:127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/", "http:/127.0.0.1:{port}/", "//127.0.0.1:{port}/", "127.0.0.1:{port}",
    "http://127.0.0.1:{port}\t/", "http://127.0.0.1\n:{port}/", " http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/\r\nHost: api.example.com", "http://localhost\x00.example.com/", "http://a b/",
    # other ways in, ports and names that are none
    "file:///etc/passwd", "gopher://127.0.0.1:{port}/_GET", "ftp://127.0.0.1/", "data:text/plain,hello",
    "unix:///run/x.sock", "dict://127.0.0.1:{port}/", "jar:http://127.0.0.1:{port}/!/", "HTTP://127.0.0.1:{port}/",
    "ws://127.0.0.1:{port}/", "http+unix://127.0.0.1/", "http://127.0.0.1:99999/", "http://127.0.0.1:0/",
    "http://127.0.0.1:-1/", "http://127.0.0.1:{port}:80/", "http://-.example.com/", "http://a..b/", "http://",
    "http://" + "a" * 300 + ".com/",
    # names whose owner answers with what they like
    "http://loopback.test:{port}/", "http://mapped.test:{port}/", "http://one-of-two.test:{port}/",
    "http://two-of-two.test:{port}/", "http://metadata.test/", "http://private.test/", "http://six.test:{port}/",
    "http://zero.test:{port}/", "http://nat64.test:{port}/", "http://teredo.test:{port}/", "http://cgn.test/",
    "http://zone.test:{port}/", "http://words.test:{port}/", "http://nobody.test/", "http://unknown.test/",
    "http://localhost:{port}/", "http://LOCALHOST:{port}/", "http://localhost.:{port}/",
    "http://a.localhost:{port}/", "http://metadata.google.internal/computeMetadata/v1/",
)  # fmt: skip
ANSWERS = {
    "loopback.test": ["127.0.0.1"], "mapped.test": ["::ffff:127.0.0.1"],
    "one-of-two.test": ["93.184.216.34", "10.0.0.7"], "two-of-two.test": ["127.0.0.1", "93.184.216.34"],
    "metadata.test": ["169.254.169.254"], "metadata.google.internal": ["169.254.169.254"],
    "private.test": ["192.168.0.10"], "six.test": ["::1"], "zero.test": ["0.0.0.0"], "nat64.test": ["64:ff9b::7f00:1"],
    "teredo.test": ["2001:0:7f00:1::1"], "cgn.test": ["100.64.0.1"], "zone.test": ["fe80::1%lo"],
    "words.test": ["localhost"], "localhost": ["127.0.0.1", "::1"], "a.localhost": ["127.0.0.1"], "nobody.test": [],
}  # fmt: skip
TURNING = ("turning.test", "back-and-forth.test")
"""names that lead to the internet when they are first asked for, and inwards afterwards, or in turn"""
PUBLIC = "93.184.216.34"
"""where the good hosts of the tests are"""


class Names:
    """A name service in the hands of somebody who means ill. `asked` is every question in turn."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> list[str]:
        times = self.asked.count(host)
        self.asked.append(host)
        if host == "turning.test":
            return [PUBLIC] if times == 0 else ["169.254.169.254"]
        if host == "back-and-forth.test":
            return [PUBLIC] if times % 2 == 0 else ["127.0.0.1"]
        if host.endswith(".example.com"):
            return [PUBLIC]
        if host in ANSWERS:
            return ANSWERS[host]
        if host[:1].isdigit() or ":" in host:
            return [host]
        raise OSError(f"{host} is not known")
