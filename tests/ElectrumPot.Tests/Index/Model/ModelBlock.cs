// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Tests.Index.Model;

internal sealed record ModelOutput(byte[] Script, long Value);

internal sealed record ModelTransaction(Hash256 Txid, byte[] Raw, IReadOnlyList<OutPoint> Inputs, IReadOnlyList<ModelOutput> Outputs)
{
    public bool IsCoinbase => Inputs is [{ IsNull: true }];
}

internal sealed record ModelBlock(int Height, Hash256 Hash, byte[] Header, byte[] Raw, IReadOnlyList<ModelTransaction> Transactions);
