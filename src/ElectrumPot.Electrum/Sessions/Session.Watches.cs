// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Sessions;

/// <summary>Outputs and transactions that the wallet watches, and the room that all subscriptions share.</summary>
public sealed partial class Session
{
    /// <summary>Addresses and hashes are shorter; scripts that are longer leave room for fewer subscriptions.</summary>
    private const long TextBytesPerSubscription = 256;

    private readonly Dictionary<WatchKey, Watch> _watches = [];
    private long _textBytes;

    /// <param name="wanted">Takes the place of one that is looked up with another script.</param>
    /// <returns>Null when there is no room for another subscription.</returns>
    internal TWatch? AddWatch<TWatch>(TWatch wanted)
        where TWatch : Watch
    {
        bool isFull = !HasWatch(wanted.Key) && MustRefuseSubscription();
        lock (Output.Gate)
        {
            if (_watches.TryGetValue(wanted.Key, out Watch? known))
            {
                if (known.IsLookedUpLike(wanted)) return (TWatch)known;
                known.Close();
            }
            else if (isFull || _isClosed || !HasRoomFor(textBytes: 0))
            {
                return null;
            }
            else
            {
                _group?.AddSubscriptions(1);
            }

            _watches[wanted.Key] = wanted;
            return wanted;
        }
    }

    /// <returns>Whether it was subscribed.</returns>
    internal bool ForgetWatch(WatchKey key)
    {
        lock (Output.Gate)
        {
            if (!_watches.Remove(key, out Watch? watch)) return false;
            _group?.AddSubscriptions(-1);
            watch.Close();
            return true;
        }
    }

    /// <summary>Unless another has taken its place.</summary>
    internal void ForgetWatch(Watch watch)
    {
        lock (Output.Gate)
        {
            if (_watches.TryGetValue(watch.Key, out Watch? known) && ReferenceEquals(known, watch)) ForgetWatch(watch.Key);
        }
    }

    private bool HasWatch(WatchKey key)
    {
        lock (Output.Gate)
            return _watches.ContainsKey(key);
    }

    private bool HasRoomFor(int textBytes)
    {
        long max = Server.Options.Limits.MaxSubscriptions;
        return Subscriptions < max && _textBytes + textBytes <= max * TextBytesPerSubscription;
    }

    private void CloseWatches()
    {
        foreach (Watch watch in _watches.Values)
            watch.Close();
        _group?.AddSubscriptions(-_watches.Count);
        _watches.Clear();
    }
}
