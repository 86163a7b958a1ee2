// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Limits;

namespace ElectrumPot.Server.Configuration;

/// <summary>Addresses and networks; an empty value is an empty list.</summary>
internal sealed class AddressListKind : ValueKind<AddressList>
{
    public override string Allowed => "IP addresses and networks such as 192.0.2.7, 10.0.0.0/8, 2001:db8::/32, with commas between them, or empty for none";

    public override bool TryParse(string text, out AddressList value)
    {
        bool isList = AddressList.TryParse(text, out AddressList? list);
        value = list ?? AddressList.Empty;
        return isList;
    }

    public override bool TryParseEmpty(out AddressList value)
    {
        value = AddressList.Empty;
        return true;
    }

    public override string Format(AddressList value) => value.Text;
}
