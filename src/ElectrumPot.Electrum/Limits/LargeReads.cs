// SPDX-License-Identifier: MIT

using System.Threading.Channels;

namespace ElectrumPot.Electrum.Limits;

/// <summary>
/// Lets only a few long reads run at the same time, so that a processor is left for everybody else. Who has to wait
/// waits without a thread, in the order of coming.
/// </summary>
internal sealed class LargeReads
{
    /// <summary>Entries that anybody may read without asking: a few milliseconds at most.</summary>
    public const int FreeEntries = 1_000;

    private readonly Channel<byte> _places;

    public LargeReads(int max)
    {
        Max = max;
        _places = Channel.CreateBounded<byte>(max);
        for (int i = 0; i < max; i++)
            _places.Writer.TryWrite(0);
    }

    public int Max { get; }

    public int Running => Max - _places.Reader.Count;

    /// <param name="configured">0: half of the processors, at least one.</param>
    public static LargeReads Of(int configured) => new(configured > 0 ? configured : Math.Max(1, Environment.ProcessorCount / 2));

    public async ValueTask EnterAsync(CancellationToken cancellation) => await _places.Reader.ReadAsync(cancellation);

    public void Leave() => _places.Writer.TryWrite(0);
}
