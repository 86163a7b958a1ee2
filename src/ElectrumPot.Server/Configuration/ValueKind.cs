// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration;

/// <summary>What values an option takes: how they are read, written and described to people.</summary>
/// <typeparam name="T">What the program works with.</typeparam>
internal abstract class ValueKind<T>
{
    /// <summary>The allowed values, to follow the words "must be".</summary>
    public abstract string Allowed { get; }

    /// <summary>Words to suggest for a mistyped one.</summary>
    public virtual IReadOnlyList<string> Suggestions => [];

    /// <summary>False: the text is none of <see cref="Allowed"/>. Never called with an empty text.</summary>
    public abstract bool TryParse(string text, out T value);

    /// <summary>The value as it is written in a file.</summary>
    public abstract string Format(T value);

    /// <summary>What an empty value means; false: the default.</summary>
    public virtual bool TryParseEmpty(out T value)
    {
        value = default!;
        return false;
    }
}
