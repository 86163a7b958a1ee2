// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using ElectrumPot.Chain.Text;

namespace ElectrumPot.Benchmarks.Importing;

/// <summary>A daemon and its chain, as a configuration of the server names them.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Sections">Configuration without ports and paths, and without <c>datadir</c>.</param>
/// <param name="DataFolder">The daemon's; null where its block files cannot be read.</param>
/// <param name="DaemonPid">Null when unknown.</param>
/// <param name="Transactions">In the chain; null when the daemon has to be asked.</param>
internal sealed record ImportTarget(string Name, string Sections, string? DataFolder, int? DaemonPid, long? Transactions)
{
    private const string Daemon = "[potcoind]\n";

    private static readonly string[] KeptOfServer = ["coin"];

    /// <summary>From a configuration that is in use or might be: coin, daemon and the options of the database are taken from it.</summary>
    public static ImportTarget Read(string file, int? daemonPid)
    {
        IniDocument document = IniDocument.Parse(File.ReadAllText(file), file);
        var kept = new StringBuilder();
        string? dataFolder = null;
        foreach (IniSection section in document.Sections)
        {
            bool isDaemon = section.Name is "potcoind" or "bitcoind";
            IEnumerable<IniValue> values = section.Name switch
            {
                "server" => section.Values.Where(value => KeptOfServer.Contains(value.Key)),
                "rocksdb" => section.Values.Where(value => value.Key != "path"),
                "potcoind" or "bitcoind" => section.Values.Where(value => value.Key != "datadir"),
                _ when section.Name.StartsWith("coin:", StringComparison.Ordinal) => section.Values,
                _ => [],
            };
            if (isDaemon) dataFolder = section.Find("datadir")?.Value;
            kept.Append(CultureInfo.InvariantCulture, $"[{(isDaemon ? "potcoind" : section.Name)}]\n");
            foreach (IniValue value in values)
                kept.Append(CultureInfo.InvariantCulture, $"{value.Key} = {value.Value.ReplaceLineEndings("\n  ")}\n");
        }

        return new ImportTarget(Path.GetFileNameWithoutExtension(file), kept.ToString(), dataFolder, daemonPid, Transactions: null);
    }

    /// <summary>Of a daemon that hands out a generated chain.</summary>
    public static ImportTarget Of(ChainGeneration.GeneratedChain chain, int port, int daemonPid) => new(
        chain.Shape.Name,
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            [server]
            coin = {chain.Shape.CoinName}
            [rocksdb]
            {Daemon}host = 127.0.0.1
            port = {port}
            user = benchmark
            password = benchmark

            """),
        chain.Folder,
        daemonPid,
        chain.Statistics.Transactions);

    /// <summary>Whether the configuration that was read sets this option of the database.</summary>
    public bool Sets(string option) => IniDocument.Parse(Sections, Name).Sections.Any(section => section.Name == "rocksdb" && section.Find(option) is not null);

    /// <summary>A whole configuration.</summary>
    /// <param name="further">Lines such as <c>rocksdb.pruning_limit = 0</c>.</param>
    /// <param name="tlsPort">Null for none.</param>
    public string Configure(string dataFolder, int port, int adminPort, bool withBlockFiles, IEnumerable<string> further, int? tlsPort = null)
    {
        string text = Insert(Sections, "server", string.Create(
            CultureInfo.InvariantCulture,
            $"""
            host = localhost
            stratum_tcp_port = {port}
            stratum_tcp_ssl_port = {tlsPort}
            websocket_port =
            websocket_ssl_port =
            stratum_http_port =
            stratum_http_ssl_port =
            """));
        text = Insert(text, "rocksdb", $"path = {dataFolder}");
        if (withBlockFiles) text = Insert(text, "potcoind", $"datadir = {DataFolder}");
        text = Insert(text, "admin", string.Create(CultureInfo.InvariantCulture, $"port = {adminPort}"));
        foreach (string line in further)
        {
            int dot = line.IndexOf('.', StringComparison.Ordinal);
            text = Insert(text, line[..dot], line[(dot + 1)..]);
        }

        return text;
    }

    private static string Insert(string text, string section, string lines)
    {
        string head = $"[{section}]\n";
        int at = text.IndexOf(head, StringComparison.Ordinal);
        return at < 0 ? $"{text}{head}{lines}\n" : text.Insert(at + head.Length, lines + "\n");
    }
}
