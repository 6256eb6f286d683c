using System.Buffers.Binary;

namespace Hearth.Cluster.Nodes.Sandbox;

/// <summary>
/// A seccomp filter under which changing a file's owner succeeds and does nothing. A container has one user of this machine whatever it calls
/// itself, so ownership carries no meaning there, while the usual init container (<c>chown -R 999:1000 /data1</c>) must not fail.
/// </summary>
public static class OwnershipFilter
{
    private const ushort LoadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K
    private const uint ArchitectureOffset = 4; // struct seccomp_data: int nr; __u32 arch; ...
    private const uint NumberOffset = 0;
    private const uint X64 = 0xC000003E; // AUDIT_ARCH_X86_64
    private const uint Arm64 = 0xC00000B7; // AUDIT_ARCH_AARCH64
    private const uint Allow = 0x7FFF0000; // SECCOMP_RET_ALLOW
    private const uint Succeed = 0x00050000; // SECCOMP_RET_ERRNO with errno 0

    // chown, fchown, lchown, fchownat (arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h)
    private static readonly uint[] X64Numbers = [92, 93, 94, 260];
    private static readonly uint[] Arm64Numbers = [54, 55];

    /// <summary>File name, relative to the directory.</summary>
    public const string FileName = "ownership.bpf";

    /// <summary>Writes the compiled filter.</summary>
    public static void Write(string directory) => File.WriteAllBytes(Path.Combine(directory, FileName), Compile());

    /// <summary>The program: an array of <c>struct sock_filter</c>.</summary>
    internal static byte[] Compile()
    {
        List<(ushort Code, byte True, byte False, uint Value)> program = [(LoadWord, 0, 0, ArchitectureOffset)];
        AddArchitecture(program, X64, X64Numbers);
        AddArchitecture(program, Arm64, Arm64Numbers);
        program.Add((Return, 0, 0, Allow));
        var bytes = new byte[program.Count * 8];
        for (var i = 0; i < program.Count; i++)
        {
            var at = bytes.AsSpan(i * 8);
            BinaryPrimitives.WriteUInt16LittleEndian(at, program[i].Code);
            at[2] = program[i].True;
            at[3] = program[i].False;
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], program[i].Value);
        }

        return bytes;
    }

    /// <summary>"If this architecture: load the number, compare with each, allow the rest"; else on to what follows.</summary>
    private static void AddArchitecture(List<(ushort Code, byte True, byte False, uint Value)> program, uint architecture, uint[] numbers)
    {
        program.Add((JumpEqual, 0, (byte)(numbers.Length + 3), architecture));
        program.Add((LoadWord, 0, 0, NumberOffset));
        for (var i = 0; i < numbers.Length; i++)
        {
            program.Add((JumpEqual, (byte)(numbers.Length - i), 0, numbers[i]));
        }

        program.Add((Return, 0, 0, Allow));
        program.Add((Return, 0, 0, Succeed));
    }
}
