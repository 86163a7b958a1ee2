// SPDX-License-Identifier: MIT

using ElectrumPot.Server.CommandLine;

namespace ElectrumPot.Server.Hosting;

/// <summary>The body of an answer. One that stands still or breaks off ends with a sentence, which no reader takes for a fault of its disk.</summary>
internal sealed class DownloadStream(Stream body, string name, TimeSpan? patience = null) : Stream
{
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(60);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="CommandFailure">The other side broke off, or sends nothing for too long.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(_patience);
        try
        {
            return await body.ReadAsync(buffer, limited.Token);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw new CommandFailure(ExitCode.CannotStart, $"fetching {name} broke off: {failure.Message} Nothing of it is kept; try again", failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.CannotStart, $"fetching {name} stands still for {_patience.TotalSeconds:0} s. Nothing of it is kept; try again", failure);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) body.Dispose();
        base.Dispose(disposing);
    }
}
