// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration;

/// <summary>
/// One key of the configuration file: everything the reader, the sample, the reference page and the help text need to
/// know of it. Add a key by adding one of these to <see cref="ConfigurationOptions"/>.
/// </summary>
internal abstract class ConfigurationOption(string section, string key, string description)
{
    public string Section { get; } = section;

    public string Key { get; } = key;

    /// <summary>One or two sentences for the operator.</summary>
    public string Description { get; } = description;

    /// <summary>Earlier spellings as <c>section/key</c>; of several in one file the first listed here wins.</summary>
    public IReadOnlyList<string> OldNames { get; init; } = [];

    /// <summary>The value is never shown.</summary>
    public bool Secret { get; init; }

    /// <summary>Read, but nothing in this version acts on it: not in the sample, and noted in the log when it would turn something on.</summary>
    public bool NotServed { get; init; }

    /// <summary>Has to be set by almost everybody; stands in the sample without a comment sign.</summary>
    public bool Essential { get; init; }

    /// <summary>The default for people, where the value itself does not say it.</summary>
    public string? DefaultText { get; init; }

    /// <summary>The default as it is written in a file; may be empty.</summary>
    public abstract string DefaultValue { get; }

    public abstract string Allowed { get; }

    /// <summary>Null: the text is no allowed value.</summary>
    public abstract object? Parse(string text);

    /// <summary>Whether a value differs from the default; for keys that are not served: whether it asks for anything.</summary>
    public abstract bool IsDefault(object value);

    public abstract object Default { get; }

    /// <summary>Words a mistyped value may have meant.</summary>
    public abstract IReadOnlyList<string> Suggestions { get; }

    public override string ToString() => $"[{Section}] {Key}";
}

/// <inheritdoc/>
internal sealed class ConfigurationOption<T>(string section, string key, ValueKind<T> kind, T defaultValue, string description)
    : ConfigurationOption(section, key, description)
{
    public override string DefaultValue => kind.Format(defaultValue);

    public override string Allowed => kind.Allowed;

    public override object Default => new Holder(defaultValue);

    public override IReadOnlyList<string> Suggestions => kind.Suggestions;

    public override object? Parse(string text)
    {
        if (text.Length == 0) return new Holder(kind.TryParseEmpty(out T empty) ? empty : defaultValue);
        return kind.TryParse(text, out T value) ? new Holder(value) : null;
    }

    public override bool IsDefault(object value) => EqualityComparer<T>.Default.Equals(((Holder)value).Value, defaultValue);

    /// <summary>The typed value of what <see cref="Parse"/> or <see cref="Default"/> gave.</summary>
    public static T Unwrap(object value) => ((Holder)value).Value;

    private sealed record Holder(T Value);
}
