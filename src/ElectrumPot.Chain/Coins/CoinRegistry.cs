// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Text;

namespace ElectrumPot.Chain.Coins;

/// <summary>The coins that can be selected: the built-in ones and those of the operator's configuration.</summary>
public sealed class CoinRegistry
{
    private const string BuiltInFile = "built-in coins";

    private readonly Dictionary<string, Coin> _coins = new(StringComparer.Ordinal);

    private CoinRegistry()
    {
    }

    public static CoinRegistry BuiltIn { get; } = FromDocument(LoadBuiltIn(), baseRegistry: null);

    public IEnumerable<Coin> Coins => _coins.Values;

    /// <summary>The built-in coins plus the <c>[coin:...]</c> sections of a file, which may redefine them.</summary>
    /// <exception cref="CoinDefinitionException">A section does not define a coin.</exception>
    public static CoinRegistry With(IniDocument document) => FromDocument(document, BuiltIn);

    /// <exception cref="CoinDefinitionException">No such coin.</exception>
    public Coin Get(string id) => _coins.TryGetValue(id.ToLowerInvariant(), out Coin? coin)
        ? coin
        : throw new CoinDefinitionException(
            id, "coin", $"not defined; known are {string.Join(", ", _coins.Keys.Order(StringComparer.Ordinal))}");

    private static CoinRegistry FromDocument(IniDocument document, CoinRegistry? baseRegistry)
    {
        var registry = new CoinRegistry();
        foreach (Coin coin in baseRegistry?.Coins ?? [])
            registry._coins[coin.Id] = coin;
        foreach (IniSection section in document.Sections)
        {
            if (!section.Name.StartsWith(CoinSectionReader.Prefix, StringComparison.Ordinal)) continue;
            Coin coin = CoinSectionReader.Read(section);
            registry._coins[coin.Id] = coin;
        }

        return registry;
    }

    private static IniDocument LoadBuiltIn()
    {
        using Stream stream = typeof(CoinRegistry).Assembly.GetManifestResourceStream("coins.conf")
            ?? throw new InvalidOperationException("The built-in coin definitions are missing from the assembly.");
        using var reader = new StreamReader(stream);
        return IniDocument.Parse(reader.ReadToEnd(), BuiltInFile);
    }
}
