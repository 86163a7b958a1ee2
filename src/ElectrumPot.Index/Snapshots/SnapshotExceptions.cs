// SPDX-License-Identifier: MIT

namespace ElectrumPot.Index.Snapshots;

/// <summary>The archive is not what was made once: no snapshot at all, cut short, or changed.</summary>
public sealed class SnapshotDamagedException(string message, Exception? inner = null) : IndexException(message, inner);

/// <summary>The snapshot, or the wish for one, is sound but does not fit here; the message says what would.</summary>
public sealed class SnapshotRefusedException(string message, Exception? inner = null) : IndexException(message, inner);
