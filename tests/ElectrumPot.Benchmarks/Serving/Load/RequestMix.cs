// SPDX-License-Identifier: MIT

using ElectrumPot.Simulation;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>What is asked.</summary>
internal enum RequestKind
{
    Ping,
    Subscribe,
    GetHistory,
    GetBalance,
    ListUnspent,
    Transaction,
    GetMerkle,
    Header,
    Headers,
    HeadersSubscribe,
}

/// <summary>Kinds of requests with their shares.</summary>
internal sealed class RequestMix
{
    private readonly (RequestKind Kind, int Share)[] _shares;
    private readonly int _whole;

    /// <param name="shares">None negative, and not all of them zero; they need not add up to anything.</param>
    public RequestMix(params ReadOnlySpan<(RequestKind Kind, int Share)> shares)
    {
        _shares = shares.ToArray();
        foreach ((_, int share) in _shares)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(share, nameof(shares));
            _whole += share;
        }

        ArgumentOutOfRangeException.ThrowIfZero(_whole, nameof(shares));
    }

    /// <summary>What wallets ask, per thousand.</summary>
    public static RequestMix Wallets { get; } = new(
        (RequestKind.Subscribe, 300),
        (RequestKind.GetHistory, 220),
        (RequestKind.GetBalance, 60),
        (RequestKind.ListUnspent, 60),
        (RequestKind.Transaction, 180),
        (RequestKind.GetMerkle, 80),
        (RequestKind.Header, 40),
        (RequestKind.Headers, 5),
        (RequestKind.HeadersSubscribe, 10),
        (RequestKind.Ping, 45));

    public static RequestMix Only(RequestKind kind) => new((kind, 1));

    public int Whole => _whole;

    /// <summary>Zero for what is not in it.</summary>
    public int ShareOf(RequestKind kind) => _shares.Where(share => share.Kind == kind).Sum(share => share.Share);

    public RequestMix Without(RequestKind kind) => new([.. _shares.Where(share => share.Kind != kind)]);

    public RequestKind Draw(DeterministicRandom random)
    {
        int draw = random.Below(_whole);
        int i = 0;
        while (draw >= _shares[i].Share)
            draw -= _shares[i++].Share;
        return _shares[i].Kind;
    }
}
