// SPDX-License-Identifier: MIT

using ElectrumPot.Chain.Primitives;

namespace ElectrumPot.Benchmarks.Serving.Load;

/// <summary>What a request asked, for the comparison of its reply with the chain.</summary>
/// <param name="Subject">Scripthash or txid.</param>
/// <param name="Height">Of the transaction or the first header.</param>
/// <param name="Number">Position of the transaction, or headers wanted.</param>
internal readonly record struct Expectation(RequestKind Kind, Hash256 Subject = default, int Height = 0, int Number = 0);
