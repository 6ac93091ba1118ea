"""What an executable needs from the system on which it starts, and the signature that macOS on ARM insists on."""

import hashlib
import struct

ET_DYN = 3
PT_DYNAMIC = 2
PT_INTERP = 3
DT_NEEDED = 1
LC_DYLIBS = {0xC, 0x80000018, 0x8000001F}
LC_CODE_SIGNATURE = 0x1D
LC_VERSION_MIN_MACOSX = 0x24
LC_BUILD_VERSION = 0x32
CODE_DIRECTORY = 0xFADE0C02
CPU_TYPE_ARM64 = 0x0100000C

# Libraries of every Windows from 10 on.
WINDOWS = {
    *("advapi32.dll", "bcrypt.dll", "bcryptprimitives.dll", "combase.dll", "crypt32.dll", "dbghelp.dll", "iphlpapi.dll", "kernel32.dll"),
    *("msvcrt.dll", "netapi32.dll", "ntdll.dll", "ole32.dll", "oleaut32.dll", "pdh.dll", "powrprof.dll", "psapi.dll", "rpcrt4.dll", "secur32.dll"),
    *("shell32.dll", "user32.dll", "userenv.dll", "ws2_32.dll"),
}


def elf_faults(content: bytes) -> list[str]:
    """What is wrong with a 64-bit executable of Linux: neither a loader nor a library has to be there, and it can lie anywhere in memory."""
    place, size, count = struct.unpack_from("<Q", content, 0x20)[0], *struct.unpack_from("<HH", content, 0x36)
    found = []
    if struct.unpack_from("<H", content, 0x10)[0] != ET_DYN:
        found.append("the executable is not position independent")
    for number in range(count):
        kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", content, place + size * number)
        if kind == PT_INTERP:
            found.append("the executable is not static: INTERP")
        elif kind == PT_DYNAMIC:
            tags = [struct.unpack_from("<Q", content, at)[0] for at in range(offset, offset + length, 16)]
            # After the first null, what is in the table does not count.
            if DT_NEEDED in tags[: tags.index(0) if 0 in tags else None]:
                found.append("the executable is not static: NEEDED")
    return found


def macho_faults(content: bytes, newest: tuple[int, int] = (11, 0)) -> list[str]:
    """What keeps a Mach-O executable from starting on macOS `newest`."""
    found, signature, minimum = [], None, None
    for command, data in _load_commands(content):
        if command in LC_DYLIBS:
            library = data[struct.unpack_from("<I", data, 8)[0] :].split(b"\0")[0].decode()
            if not library.startswith(("/usr/lib/", "/System/Library/")):
                found.append(f"the executable needs {library}")
        elif command == LC_CODE_SIGNATURE:
            signature = struct.unpack_from("<II", data, 8)
        elif command in (LC_BUILD_VERSION, LC_VERSION_MIN_MACOSX):
            (number,) = struct.unpack_from("<I", data, 12 if command == LC_BUILD_VERSION else 8)
            minimum = (number >> 16, number >> 8 & 0xFF)
    if minimum is None or minimum > newest:
        found.append(f"the executable needs macOS {minimum} and not {newest}")
    if signature is not None:
        found += _signature_faults(content, *signature)
    elif struct.unpack_from("<I", content, 4)[0] == CPU_TYPE_ARM64:
        # Those for Intel start without, on Intel and translated: release notes of macOS 11, "Code Signing".
        found.append("the executable is not signed, and macOS on ARM starts no such one")
    return found


def _load_commands(content: bytes) -> list[tuple[int, bytes]]:
    count = struct.unpack_from("<I", content, 16)[0]
    place, commands = 32, []
    for _ in range(count):
        command, size = struct.unpack_from("<II", content, place)
        commands.append((command, content[place : place + size]))
        place += size
    return commands


def _signature_faults(content: bytes, place: int, size: int) -> list[str]:
    """An ad hoc signature has a hash of each page of what is before it. Stripping changes them."""
    if place + size != len(content):
        return ["the signature is not the end of the executable"]
    (blobs,) = struct.unpack_from(">I", content, place + 8)
    for number in range(blobs):
        (offset,) = struct.unpack_from(">I", content, place + 12 + 8 * number + 4)
        start = place + offset
        if struct.unpack_from(">I", content, start)[0] != CODE_DIRECTORY:
            continue
        hashes, _, _, pages, limit = struct.unpack_from(">IIIII", content, start + 16)
        length, kind, _, shift = struct.unpack_from(">BBBB", content, start + 36)
        if kind != 2 or limit != place:
            return [f"the signature has hashes of kind {kind} up to {limit} and not to {place}"]
        for page in range(pages):
            actual = hashlib.sha256(content[page << shift : min((page + 1) << shift, limit)]).digest()
            if content[start + hashes + length * page :][:length] != actual:
                return [f"page {page} of the executable is not what was signed"]
        return []
    return ["the signature has no directory of hashes"]


def pe_faults(content: bytes) -> list[str]:
    """Libraries that a Windows executable needs and that Windows does not have."""
    if len(content) < 0x40 or content[struct.unpack_from("<I", content, 0x3C)[0] :][:4] != b"PE\0\0":
        return ["the executable has no header that Windows reads"]
    return [
        f"the executable needs {name}"
        for name in pe_libraries(content)
        if name.lower() not in WINDOWS and not name.lower().startswith("api-ms-win-")
    ]


def pe_libraries(content: bytes) -> list[str]:
    (header,) = struct.unpack_from("<I", content, 0x3C)
    sections, optional = struct.unpack_from("<H", content, header + 6)[0], header + 24
    size = struct.unpack_from("<H", content, header + 20)[0]
    table = []
    for number in range(sections):
        virtual_size, address, _, raw = struct.unpack_from("<IIII", content, optional + size + 40 * number + 8)
        table.append((address, virtual_size, raw))

    def place(address: int) -> int:
        return next(raw + address - start for start, length, raw in table if start <= address < start + length)

    # The second of the directories that follow 112 bytes of a 64-bit header.
    imports = struct.unpack_from("<I", content, optional + 112 + 8)[0]
    names, at = [], place(imports) if imports else None
    while at is not None:
        (name,) = struct.unpack_from("<I", content, at + 12)
        if not name:
            break
        start = place(name)
        names.append(content[start : content.index(b"\0", start)].decode())
        at += 20
    return names
