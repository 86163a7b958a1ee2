// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using System.Text.Json;

namespace ElectrumPot.Daemon.Rpc;

/// <summary>Answer to one call of a batch: either an error or a place in the reply.</summary>
/// <param name="Start">Byte offset of the result in the reply.</param>
/// <param name="Length">Its length in bytes, without quotes for a string.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RpcAnswer(int Start, int Length, JsonTokenType Type, RpcError? Error);
