// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace ElectrumPot.EndToEnd.Crashes;

/// <summary>What was hit, and how soon the server was back.</summary>
internal sealed class CrashReport
{
    /// <summary>From the start of the process to the answer to a wallet, where the first import was complete.</summary>
    public static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(2);

    private readonly Dictionary<CrashPhase, List<int>> _hits = CrashPlan.Phases.ToDictionary(phase => phase, _ => new List<int>());
    private readonly List<TimeSpan> _answers = [];
    private readonly List<TimeSpan> _statuses = [];

    public int Kills => _hits.Values.Sum(heights => heights.Count);

    /// <summary>Starts that were measured again because something else held up the machine.</summary>
    public int RepeatedStarts { get; set; }

    public int Verified { get; set; }

    public int Hits(CrashPhase phase) => _hits[phase].Count;

    /// <summary>Kills in the midst of a commit of the import.</summary>
    public int HitsWithinCommit { get; private set; }

    public void Killed(CrashPhase phase, StoreState left)
    {
        _hits[phase].Add(left.Height);
        if (left.IsWithinCommit) HitsWithinCommit++;
    }

    /// <param name="isServing">Whether a wallet was answered, or the administrator only.</param>
    public void Answered(TimeSpan time, bool isServing) => (isServing ? _answers : _statuses).Add(time);

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Kills} kills; after each the store equalled one built without interruption\n");
        foreach ((CrashPhase phase, List<int> heights) in _hits)
            text.Append(CultureInfo.InvariantCulture, $"  {phase,-20}{heights.Count,4} hits at {heights.Distinct().Count()} different heights\n");
        text.Append(CultureInfo.InvariantCulture, $"  within a commit of the import: {HitsWithinCommit}\n");
        text.Append(CultureInfo.InvariantCulture, $"  start to a wallet's answer: {Describe(_answers)}; measured again: {RepeatedStarts}\n");
        text.Append(CultureInfo.InvariantCulture, $"  start to the status during an import: {Describe(_statuses)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  db verify: {Verified} times in order");
        return text.ToString();
    }

    private static string Describe(List<TimeSpan> times) => times.Count == 0
        ? "never"
        : string.Create(CultureInfo.InvariantCulture, $"worst {times.Max().TotalSeconds:0.00} s, median {times.Order().ElementAt(times.Count / 2).TotalSeconds:0.00} s of {times.Count}");
}
