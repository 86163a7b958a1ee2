// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace RocksDbSharp;

/// <summary>How operands written by Merge become a value. Made by <see cref="MergeOperators.Create"/>.</summary>
public sealed class MergeOperator
{
    internal MergeOperator(string name, MergeOperators.PartialMergeFunc partial, MergeOperators.FullMergeFunc full)
    {
        Name = name;
        Partial = partial;
        Full = full;
    }

    /// <summary>Stored with the database, which refuses to open under another name.</summary>
    public string Name { get; }

    /// <summary>
    /// The last exception a function threw. The library sees such a merge only as failed, and reports it as corruption to whoever reads
    /// the key; here is the reason.
    /// </summary>
    public Exception? LastFailure { get; internal set; }

    internal MergeOperators.PartialMergeFunc Partial { get; }

    internal MergeOperators.FullMergeFunc Full { get; }
}

/// <summary>Merge operators written in C#. The functions run on the library's own threads, several at once.</summary>
public static unsafe class MergeOperators
{
    /// <summary>Combines operands, the oldest first, into one operand; <paramref name="success"/> false keeps them apart.</summary>
    public delegate byte[]? PartialMergeFunc(ReadOnlySpan<byte> key, OperandsEnumerator operands, out bool success);

    /// <summary>
    /// Applies operands, the oldest first, to the existing value, if there is one; <paramref name="success"/> false fails the read.
    /// </summary>
    public delegate byte[]? FullMergeFunc(
        ReadOnlySpan<byte> key, bool hasExistingValue, ReadOnlySpan<byte> existingValue, OperandsEnumerator operands, out bool success);

    public static MergeOperator Create(string name, PartialMergeFunc partialMerge, FullMergeFunc fullMerge) =>
        new(name, partialMerge, fullMerge);

    /// <summary>Makes the native operator. Whoever takes it owns it, and keeps <paramref name="operation"/> from being collected.</summary>
    internal static nint CreateNative(MergeOperator operation)
    {
        State state = new(operation, Marshal.StringToCoTaskMemUTF8(operation.Name));
        return Native.rocksdb_mergeoperator_create(
            GCHandle.ToIntPtr(GCHandle.Alloc(state)), &Destroy, &FullMerge, &PartialMerge, &DeleteValue, &GetName);
    }

    private static State StateOf(nint state) => (State)GCHandle.FromIntPtr(state).Target!;

    [UnmanagedCallersOnly]
    private static void Destroy(nint state)
    {
        Marshal.FreeCoTaskMem(StateOf(state).Name);
        GCHandle.FromIntPtr(state).Free();
    }

    [UnmanagedCallersOnly]
    private static byte* GetName(nint state) => (byte*)StateOf(state).Name;

    [UnmanagedCallersOnly]
    private static void DeleteValue(nint state, byte* value, nuint length) => NativeMemory.Free(value);

    [UnmanagedCallersOnly]
    private static byte* PartialMerge(
        nint state, byte* key, nuint keyLength, byte** operands, nuint* lengths, int count, byte* success, nuint* newLength)
    {
        MergeOperator operation = StateOf(state).Operation;
        try
        {
            byte[]? merged = operation.Partial(
                new ReadOnlySpan<byte>(key, (int)keyLength), new OperandsEnumerator(operands, lengths, count), out bool done);
            return Answer(merged, done, success, newLength);
        }
        catch (Exception e)
        {
            // An exception must not cross into native code: it would end the process.
            operation.LastFailure = e;
            return Answer(null, false, success, newLength);
        }
    }

    [UnmanagedCallersOnly]
    private static byte* FullMerge(
        nint state,
        byte* key,
        nuint keyLength,
        byte* existing,
        nuint existingLength,
        byte** operands,
        nuint* lengths,
        int count,
        byte* success,
        nuint* newLength)
    {
        MergeOperator operation = StateOf(state).Operation;
        try
        {
            byte[]? merged = operation.Full(
                new ReadOnlySpan<byte>(key, (int)keyLength),
                existing != null,
                new ReadOnlySpan<byte>(existing, (int)existingLength),
                new OperandsEnumerator(operands, lengths, count),
                out bool done);
            return Answer(merged, done, success, newLength);
        }
        catch (Exception e)
        {
            // An exception must not cross into native code: it would end the process.
            operation.LastFailure = e;
            return Answer(null, false, success, newLength);
        }
    }

    // The library copies the result before it looks at the flag, so even a failure hands over memory.
    private static byte* Answer(byte[]? merged, bool done, byte* success, nuint* newLength)
    {
        ReadOnlySpan<byte> result = done ? merged : default;
        byte* copy = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, result.Length));
        result.CopyTo(new Span<byte>(copy, result.Length));
        *newLength = (nuint)result.Length;
        *success = Native.Flag(done);
        return copy;
    }

    /// <summary>The operands of one merge, valid during the call.</summary>
    public readonly ref struct OperandsEnumerator
    {
        private readonly byte** _operands;
        private readonly nuint* _lengths;

        internal OperandsEnumerator(byte** operands, nuint* lengths, int count)
        {
            _operands = operands;
            _lengths = lengths;
            Count = count;
        }

        public int Count { get; }

        public ReadOnlySpan<byte> Get(int index)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return new ReadOnlySpan<byte>(_operands[index], (int)_lengths[index]);
        }
    }

    private sealed record State(MergeOperator Operation, nint Name);
}
