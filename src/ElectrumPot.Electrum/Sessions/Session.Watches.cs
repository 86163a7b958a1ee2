// SPDX-License-Identifier: MIT

namespace ElectrumPot.Electrum.Sessions;

/// <summary>Outputs and transactions that the wallet watches, and the room that all subscriptions share.</summary>
public sealed partial class Session
{
    /// <summary>Addresses and hashes are shorter; a script that is longer counts as several subscriptions.</summary>
    private const int TextBytesPerUnit = 256;

    private readonly Dictionary<WatchKey, Watch> _watches = [];
    private int _subscriptionUnits;

    /// <param name="wanted">Takes the place of one that is looked up with another script.</param>
    /// <returns>Null when there is no room for another subscription.</returns>
    internal TWatch? AddWatch<TWatch>(TWatch wanted)
        where TWatch : Watch
    {
        bool isFull = !HasWatch(wanted.Key) && MustRefuseSubscription(units: 1);
        lock (Output.Gate)
        {
            if (_watches.TryGetValue(wanted.Key, out Watch? known))
            {
                if (known.IsLookedUpLike(wanted)) return (TWatch)known;
                known.Close();
            }
            else if (isFull || _isClosed || !HasRoomFor(units: 1))
            {
                return null;
            }
            else
            {
                TakeRoom(units: 1);
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
            GiveBackRoom(units: 1);
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

    private static int UnitsOf(int textBytes) => 1 + (textBytes / TextBytesPerUnit);

    /// <summary>Under the gate.</summary>
    private bool HasRoomFor(int units) => (long)_subscriptionUnits + units <= Server.Options.Limits.MaxSubscriptions;

    /// <summary>Under the gate. The first unit of each subscription is counted in all by the table that it enters.</summary>
    private void TakeRoom(int units)
    {
        _subscriptionUnits += units;
        _group?.AddSubscriptions(units);
        Server.Admission.SubscriptionTexts.Take(units - 1);
    }

    /// <inheritdoc cref="TakeRoom"/>
    private void GiveBackRoom(int units)
    {
        _subscriptionUnits -= units;
        _group?.AddSubscriptions(-units);
        Server.Admission.SubscriptionTexts.GiveBack(units - 1);
    }

    private void CloseWatches()
    {
        foreach (Watch watch in _watches.Values)
        {
            watch.Close();
            GiveBackRoom(units: 1);
        }

        _watches.Clear();
    }
}
