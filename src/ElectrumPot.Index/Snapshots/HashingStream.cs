// SPDX-License-Identifier: MIT

using System.Security.Cryptography;

namespace ElectrumPot.Index.Snapshots;

/// <summary>A file that is hashed as it is read. Has a length, without which the archive would be put together in memory.</summary>
internal sealed class HashingStream(string path, Action<int> report, CancellationToken cancellationToken) : Stream
{
    public const int BufferSize = 128 << 10;

    private readonly FileStream _file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _file.Length;

    public override long Position
    {
        get => _file.Position;
        set => throw new NotSupportedException();
    }

    /// <summary>SHA-256 of what was read, in lower-case hexadecimal.</summary>
    public string TakeChecksum() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int count = _file.Read(buffer);
        _hash.AppendData(buffer[..count]);
        report(count);
        return count;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
