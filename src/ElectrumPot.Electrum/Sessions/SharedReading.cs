// SPDX-License-Identifier: MIT

using ElectrumPot.Electrum.Backend;
using ElectrumPot.Index.Queries;

namespace ElectrumPot.Electrum.Sessions;

/// <summary>One state, of which each script is read once, however many sessions watch it. For one thread.</summary>
internal sealed class SharedReading(IChainSnapshot snapshot)
{
    private readonly Dictionary<(ScriptKey Key, int MaxHistory, bool IsPinning), (ScriptSet Scripts, ScriptState? State)> _states = [];

    public IChainSnapshot Snapshot => snapshot;

    /// <returns>Null when the history is too large.</returns>
    public ScriptState? Read(ScriptSubscription subscription)
    {
        var question = (subscription.Key, subscription.Session.MaxHistory, subscription.IsPinning);
        if (!_states.TryGetValue(question, out (ScriptSet Scripts, ScriptState? State) answer))
        {
            answer.Scripts = subscription.Key.Resolve(snapshot);
            if (ScriptState.TryRead(snapshot, answer.Scripts, question.MaxHistory, question.IsPinning, out ScriptState state))
                answer.State = state;
            _states[question] = answer;
        }

        subscription.Register(answer.Scripts);
        return answer.State;
    }
}
