using System.Collections.Concurrent;
using System.Threading.Channels;

namespace DaprRollouts.Engine.Dispatching;

/// <summary>Work that no worker has yet, and which stream has which work.</summary>
internal sealed class WorkQueue
{
    private readonly Channel<WorkTicket> _waiting = Channel.CreateUnbounded<WorkTicket>();
    private readonly ConcurrentDictionary<(string Instance, int? Task), WorkTicket> _given = new();
    private int _streams;

    /// <summary>Work that waits for a worker.</summary>
    public int Waiting => _waiting.Reader.Count;

    /// <summary>Workers that are connected.</summary>
    public int Streams => _streams;

    public void Add(IEnumerable<WorkTicket> tickets)
    {
        foreach (var ticket in tickets)
        {
            _waiting.Writer.TryWrite(ticket);
        }
    }

    /// <summary>Gives work to one stream until it breaks; what it has not answered then goes to others.</summary>
    public async Task ServeAsync(Func<WorkTicket, Task> send, CancellationToken cancel)
    {
        HashSet<WorkTicket> mine = new(ReferenceEqualityComparer.Instance);
        Interlocked.Increment(ref _streams);
        try
        {
            await foreach (var ticket in _waiting.Reader.ReadAllAsync(cancel))
            {
                mine.RemoveWhere(t => !IsGiven(t));
                mine.Add(ticket);
                _given[ticket.Key] = ticket;
                await send(ticket);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
            Add(mine.Where(t => IsGiven(t) && _given.TryRemove(t.Key, out _)));
        }
    }

    /// <summary>Work has been answered.</summary>
    /// <returns>The work; null if it is not under way.</returns>
    public WorkTicket? Answered(string instance, int? task) => _given.TryRemove((instance, task), out var ticket) ? ticket : null;

    private bool IsGiven(WorkTicket ticket) => _given.TryGetValue(ticket.Key, out var given) && ReferenceEquals(given, ticket);
}
