// SPDX-License-Identifier: MIT

using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>Requests as bytes that are ready but for their ids, one after another in the order in which they are asked.</summary>
internal sealed class RequestList
{
    /// <summary>The first id; all ids have as many digits.</summary>
    public const int FirstId = 10_000;

    /// <summary>Ids in all, and so requests that a connection may have under way.</summary>
    public const int Ids = 90_000;

    private const int IdDigits = 5;

    private readonly List<Expectation> _expected = [];
    private readonly List<int> _ends = [];
    private byte[] _bytes = new byte[1 << 16];
    private int _used;

    private static ReadOnlySpan<byte> Head => "{\"jsonrpc\":\"2.0\",\"id\":"u8;

    public int Count => _ends.Count;

    public Expectation Expected(int request) => _expected[request];

    public void Add(Expectation asked)
    {
        string text = asked.Kind switch
        {
            RequestKind.Ping => "server.ping\",\"params\":[]",
            RequestKind.Subscribe => OfScript("subscribe", asked.Subject),
            RequestKind.GetHistory => OfScript("get_history", asked.Subject),
            RequestKind.GetBalance => OfScript("get_balance", asked.Subject),
            RequestKind.ListUnspent => OfScript("listunspent", asked.Subject),
            RequestKind.Transaction => $"blockchain.transaction.get\",\"params\":[\"{asked.Subject}\"]",
            RequestKind.GetMerkle => string.Create(CultureInfo.InvariantCulture, $"blockchain.transaction.get_merkle\",\"params\":[\"{asked.Subject}\",{asked.Height}]"),
            RequestKind.Header => string.Create(CultureInfo.InvariantCulture, $"blockchain.block.header\",\"params\":[{asked.Height}]"),
            RequestKind.Headers => string.Create(CultureInfo.InvariantCulture, $"blockchain.block.headers\",\"params\":[{asked.Height},{asked.Number}]"),
            _ => "blockchain.headers.subscribe\",\"params\":[]",
        };
        string line = $",\"method\":\"{text}}}\n";
        if (_bytes.Length - _used < line.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
        _used += Encoding.ASCII.GetBytes(line, _bytes.AsSpan(_used));
        _ends.Add(_used);
        _expected.Add(asked);
    }

    /// <summary>Writes a request and returns its length.</summary>
    /// <param name="id">From <see cref="FirstId"/> on, <see cref="Ids"/> of them.</param>
    public int Write(int request, int id, Span<byte> destination)
    {
        int start = request == 0 ? 0 : _ends[request - 1];
        ReadOnlySpan<byte> tail = _bytes.AsSpan(start, _ends[request] - start);
        Head.CopyTo(destination);
        Utf8Formatter.TryFormat(id, destination[Head.Length..], out _);
        tail.CopyTo(destination[(Head.Length + IdDigits)..]);
        return Head.Length + IdDigits + tail.Length;
    }

    /// <summary>No request is longer.</summary>
    public const int MaxLength = 256;

    private static string OfScript(string method, Hash256 script) => $"blockchain.scripthash.{method}\",\"params\":[\"{script}\"]";
}
