// SPDX-License-Identifier: MIT

namespace ElectrumPot.Server.Configuration;

/// <summary>A page or file of the web; null when empty.</summary>
internal sealed class WebAddressKind : ValueKind<Uri?>
{
    public override string Allowed => "an address that begins with http:// or https://, or empty";

    public override bool TryParse(string text, out Uri? value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && (value.Scheme == Uri.UriSchemeHttp || value.Scheme == Uri.UriSchemeHttps) && value.Host.Length > 0;

    public override bool TryParseEmpty(out Uri? value)
    {
        value = null;
        return true;
    }

    public override string Format(Uri? value) => value?.OriginalString ?? "";
}

/// <summary>A time span as <see cref="DurationKind"/> has it, or null for never.</summary>
internal sealed class OptionalDurationKind(TimeSpan min, TimeSpan max) : ValueKind<TimeSpan?>
{
    private const string Never = "off";

    private readonly DurationKind _duration = new(min, max);

    public override string Allowed => $"{Never}, or {_duration.Allowed}";

    public override IReadOnlyList<string> Suggestions => [Never];

    public override bool TryParse(string text, out TimeSpan? value)
    {
        value = null;
        if (text is "0" || text.ToLowerInvariant() is Never or "no" or "none") return true;
        if (!_duration.TryParse(text, out TimeSpan span)) return false;
        value = span;
        return true;
    }

    public override bool TryParseEmpty(out TimeSpan? value)
    {
        value = null;
        return true;
    }

    public override string Format(TimeSpan? value) => value is { } span ? _duration.Format(span) : Never;
}
