"""What executables of other systems need, read from made-up ones, each rule with one that breaks it."""

import hashlib
import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import formats  # noqa: E402

PAGE = 4096


def macho(library: str = "/usr/lib/libSystem.B.dylib", minimum: int = 11 << 16, changed: bool = False, signed: bool = True, arm: bool = True) -> bytes:
    """An executable of two pages and a bit, signed as linkers do."""
    name = library.encode() + b"\0" * (8 - len(library) % 8)
    commands = [struct.pack("<IIIIII", 0xC, 24 + len(name), 24, 0, 0, 0) + name]
    commands.append(struct.pack("<IIIIII", 0x32, 24, 1, minimum, minimum, 0))
    end = 2 * PAGE + 16
    pages = 3
    directory = struct.pack(">II", formats.CODE_DIRECTORY, 0) + struct.pack(">II", 0x20400, 2)
    directory += struct.pack(">IIIII", 48, 0, 0, pages, end) + struct.pack(">BBBB", 32, 2, 0, 12) + b"\0" * 8
    size = 20 + 48 + 32 * pages
    if signed:
        commands.append(struct.pack("<IIII", 0x1D, 16, end, size))
    body = struct.pack("<IIIIIIII", 0xFEEDFACF, 0x0100000C if arm else 0x01000007, 0, 2, len(commands), sum(map(len, commands)), 0, 0) + b"".join(commands)
    body = body.ljust(end, b"\x90")
    if not signed:
        return body
    hashes = b"".join(hashlib.sha256(body[at : at + PAGE]).digest() for at in range(0, end, PAGE))
    if changed:
        body = body[:-1] + b"?"
    return body + struct.pack(">IIIII", 0xFADE0CC0, size, 1, 0, 20) + directory + hashes


def pe(*libraries: str) -> bytes:
    """A 64-bit executable whose only section begins at 0x1000."""
    names, table, start = b"", b"", 0x1000 + 20 * (len(libraries) + 1)
    for library in libraries:
        table += struct.pack("<IIIII", 0, 0, 0, start + len(names), 0)
        names += library.encode() + b"\0"
    content = table + b"\0" * 20 + names
    header = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40)
    header += b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 0)
    header += b"\0" * 112 + struct.pack("<IIII", 0, 0, 0x1000 if libraries else 0, len(content)) + b"\0" * 112
    header += b".rdata\0\0" + struct.pack("<IIII", len(content), 0x1000, len(content), 0x400) + b"\0" * 16
    return header.ljust(0x400, b"\0") + content


def elf(loader: bool = False, tags: tuple[int, ...] = (0,), kind: int = formats.ET_DYN) -> bytes:
    """A 64-bit executable of Linux with these entries in its dynamic section."""
    kinds = [formats.PT_DYNAMIC, *([formats.PT_INTERP] if loader else [])]
    place = 64 + 56 * len(kinds)
    header = b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + struct.pack("<HHIQQQIHHHHHH", kind, 62, 1, 0, 64, 0, 0, 64, 56, len(kinds), 0, 0, 0)
    programs = b"".join(struct.pack("<IIQQQQQQ", one, 4, place, 0, 0, 16 * len(tags), 16 * len(tags), 8) for one in kinds)
    return header + programs + b"".join(struct.pack("<QQ", tag, 1) for tag in tags)


class Formats(unittest.TestCase):
    def test_a_static_one_of_linux(self):
        # With a dynamic section, as those have that may be loaded anywhere; behind its end is what does not count.
        self.assertEqual(formats.elf_faults(elf(tags=(4, 5, 0, formats.DT_NEEDED))), [])

    def test_one_of_linux_that_needs_a_loader_or_a_library(self):
        self.assertEqual(formats.elf_faults(elf(loader=True)), ["the executable is not static: INTERP"])
        self.assertEqual(formats.elf_faults(elf(tags=(4, formats.DT_NEEDED, 0))), ["the executable is not static: NEEDED"])

    def test_one_of_linux_that_always_lies_at_the_same_addresses(self):
        self.assertEqual(formats.elf_faults(elf(kind=2)), ["the executable is not position independent"])

    def test_a_signed_one_for_an_old_macos(self):
        self.assertEqual(formats.macho_faults(macho()), [])

    def test_a_library_that_not_every_macos_has(self):
        self.assertEqual(formats.macho_faults(macho("/opt/homebrew/lib/x.dylib")), ["the executable needs /opt/homebrew/lib/x.dylib"])

    def test_a_newer_macos(self):
        self.assertEqual(formats.macho_faults(macho(minimum=15 << 16)), ["the executable needs macOS (15, 0) and not (11, 0)"])

    def test_a_page_that_was_changed_after_it_was_signed(self):
        self.assertEqual(formats.macho_faults(macho(changed=True)), ["page 2 of the executable is not what was signed"])

    def test_without_a_signature(self):
        self.assertIn("the executable is not signed", formats.macho_faults(macho(signed=False))[0])
        self.assertEqual(formats.macho_faults(macho(signed=False, arm=False)), [])
        self.assertNotEqual(formats.macho_faults(macho(changed=True, arm=False)), [])

    def test_libraries_of_windows(self):
        self.assertEqual(formats.pe_faults(pe("KERNEL32.dll", "api-ms-win-core-synch-l1-2-0.dll")), [])
        self.assertEqual(formats.pe_faults(pe()), [])

    def test_a_library_that_windows_does_not_have(self):
        found = formats.pe_faults(pe("KERNEL32.dll", "VCRUNTIME140.dll", "libgcc_s_seh-1.dll"))
        self.assertEqual(found, ["the executable needs VCRUNTIME140.dll", "the executable needs libgcc_s_seh-1.dll"])

    def test_what_is_no_program_of_windows(self):
        for content in (b"MZ", b"MZ".ljust(100)):
            self.assertEqual(formats.pe_faults(content), ["the executable has no header that Windows reads"])


if __name__ == "__main__":
    unittest.main()
