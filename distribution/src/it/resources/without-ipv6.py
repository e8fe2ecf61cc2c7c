"""Runs a command as if the kernel had no IPv6: socket(AF_INET6, ...) fails with EAFNOSUPPORT.

Usage: without-ipv6.py COMMAND ARGUMENTS...      x86-64 and aarch64, no privilege needed (seccomp(2))
"""
import ctypes
import os
import platform
import struct
import sys

AUDIT_ARCH, SOCKET = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}[platform.machine()]
AF_INET6, EAFNOSUPPORT = 10, 97
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06

# struct seccomp_data: the call's number at 0, the architecture at 4, the low half of the first argument at 16
program = b"".join(
    struct.pack("HBBI", *instruction)
    for instruction in [
        (LOAD, 0, 0, 4),
        (JUMP_IF_EQUAL, 0, 5, AUDIT_ARCH),
        (LOAD, 0, 0, 0),
        (JUMP_IF_EQUAL, 0, 3, SOCKET),
        (LOAD, 0, 0, 16),
        (JUMP_IF_EQUAL, 0, 1, AF_INET6),
        (RETURN, 0, 0, ERRNO | EAFNOSUPPORT),
        (RETURN, 0, 0, ALLOW),
    ]
)


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
    PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(Program(len(program) // 8, program)), 0, 0
):
    sys.exit("seccomp: " + os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[1], sys.argv[1:])
