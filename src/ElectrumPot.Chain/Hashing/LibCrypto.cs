// SPDX-License-Identifier: MIT

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace ElectrumPot.Chain.Hashing;

/// <summary>
/// The few functions of OpenSSL's libcrypto that .NET does not offer or offers at several times the price: a .NET
/// one-shot hash pays about 700 ns of set-up for each small input, the low-level calls pay none.
/// </summary>
internal static unsafe partial class LibCrypto
{
    private const string Library = "libcrypto";

    private static readonly string[] Names = ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so"];

    static LibCrypto() => NativeLibrary.SetDllImportResolver(typeof(LibCrypto).Assembly, Resolve);

    /// <summary>SHA256_CTX of every OpenSSL version is 112 bytes; the room above is a reserve.</summary>
    public const int Sha256ContextSize = 128;

    [LibraryImport(Library, EntryPoint = "SHA256_Init")]
    [SuppressGCTransition]
    public static partial int Sha256Init(byte* context);

    [LibraryImport(Library, EntryPoint = "SHA256_Update")]
    [SuppressGCTransition]
    public static partial int Sha256UpdateShort(byte* context, byte* data, nuint length);

    // Without SuppressGCTransition: a megabyte takes a millisecond, and the collector must not wait for it.
    [LibraryImport(Library, EntryPoint = "SHA256_Update")]
    public static partial int Sha256UpdateLong(byte* context, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "SHA256_Final")]
    [SuppressGCTransition]
    public static partial int Sha256Final(byte* digest, byte* context);

    [LibraryImport(Library, EntryPoint = "RIPEMD160")]
    public static partial byte* Ripemd160(byte* data, nuint length, byte* digest);

    [LibraryImport(Library, EntryPoint = "EVP_PBE_scrypt")]
    public static partial int Scrypt(
        byte* password, nuint passwordLength, byte* salt, nuint saltLength, ulong n, ulong r, ulong p, ulong maxMemory,
        byte* key, nuint keyLength);

    /// <summary>True where libcrypto exports the low-level functions (deprecated since 3.0, still there).</summary>
    public static bool HasSha256 { get; } = Exports("SHA256_Init") && Exports("SHA256_Update") && Exports("SHA256_Final");

    private static bool Exports(string name) =>
        TryLoad(out nint library) && NativeLibrary.TryGetExport(library, name, out _);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == Library && TryLoad(out nint library) ? library : 0;

    private static bool TryLoad(out nint library)
    {
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, out library))
                return true;
        }

        library = 0;
        return false;
    }
}
