// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Coins;
using ElectrumPot.Electrum.Versions;
using ElectrumPot.Server.Configuration.Sections;

namespace ElectrumPot.Server.Configuration;

/// <summary>The checked values of one file; what the file leaves out has its default.</summary>
internal sealed class ServerConfiguration
{
    private readonly IReadOnlyDictionary<ConfigurationOption, object> _values;
    private readonly CoinRegistry _coins;
    private readonly string _folder;
    private readonly string _coinPlace;

    /// <param name="coinPlace">Where the coin is chosen, for a complaint about it.</param>
    public ServerConfiguration(
        string file, IReadOnlyDictionary<ConfigurationOption, object> values, CoinRegistry coins, IReadOnlyList<string> notes, string coinPlace)
    {
        _coinPlace = coinPlace;
        _values = values;
        _coins = coins;
        File = file;
        Notes = notes;
        _folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
    }

    public string File { get; }

    /// <summary>For the log: old names, keys without effect.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <exception cref="ConfigurationException">No such coin.</exception>
    public Coin Coin
    {
        get
        {
            string id = Get(ServerSection.Coin);
            if (id.Length == 0) id = ServerSection.Coin.DefaultValue;
            try
            {
                return _coins.Get(id);
            }
            catch (CoinDefinitionException)
            {
                string[] known = [.. _coins.Coins.Select(coin => coin.Id).Order(StringComparer.Ordinal)];
                string advice = Spelling.Closest(id.ToLowerInvariant(), known) is { } guess ? $"did you mean {guess}?" : "define it in a section [coin:NAME]";
                throw new ConfigurationException($"{_coinPlace}: [server] coin = {id}: must be one of {string.Join(", ", known)}; {advice}");
            }
        }
    }

    /// <exception cref="ConfigurationException">No version lies between the two.</exception>
    public VersionRange Protocol
    {
        get
        {
            var range = new VersionRange(Get(ServerSection.ProtocolMin), Get(ServerSection.ProtocolMax));
            return range.Min <= range.Max
                ? range
                : throw new ConfigurationException($"{File}: {ServerSection.ProtocolMin} = {range.Min} is newer than protocol_max = {range.Max}; exchange them or remove one");
        }
    }

    public T Get<T>(ConfigurationOption<T> option) =>
        ConfigurationOption<T>.Unwrap(_values.TryGetValue(option, out object? value) ? value : option.Default);

    /// <summary>Whether the file gives the key a value other than its default.</summary>
    public bool IsSet(ConfigurationOption option) => _values.TryGetValue(option, out object? value) && !option.IsDefault(value);

    /// <summary>
    /// A path as the operator meant it: <c>~/</c> is the home folder, anything relative is relative to the configuration
    /// file, so that the folder the server is started from does not matter. Null when empty.
    /// </summary>
    public string? GetPath(ConfigurationOption<string> option)
    {
        string path = Get(option);
        if (path.Length == 0) return null;
        if (path.StartsWith("~/", StringComparison.Ordinal))
            path = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]);
        return Path.GetFullPath(path, _folder);
    }
}
