namespace DaprRollouts.Engine.Running;

/// <summary>Where new keys, execution ids and tokens come from: chance, or a seed.</summary>
internal sealed class Identities(long lastInstanceKey, long lastInboxKey, Random? seeded)
{
    private readonly string _process = (seeded is null ? Guid.NewGuid() : Next(seeded)).ToString("N")[..8];
    private long _instance = lastInstanceKey;
    private long _inbox = lastInboxKey;
    private long _token;
    private long _lastRaised;

    public long NextInstanceKey() => ++_instance;

    public long NextInboxKey() => ++_inbox;

    public Guid NewExecution() => seeded is null ? Guid.NewGuid() : Next(seeded);

    /// <summary>A token that no other turn of this or another run of the engine has.</summary>
    public string NextToken() => $"{_process}-{++_token}";

    /// <summary>The time of an event from outside: each has its own, for two of the same name and time count as one.</summary>
    public DateTime NextRaised(DateTime now)
    {
        _lastRaised = Math.Max(now.Ticks, _lastRaised + 1);
        return new DateTime(_lastRaised, DateTimeKind.Utc);
    }

    private static Guid Next(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
