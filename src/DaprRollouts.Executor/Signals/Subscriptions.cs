namespace DaprRollouts.Executor.Signals;

/// <summary>What the sidecar is asked to deliver, and where.</summary>
internal static class Subscriptions
{
    /// <summary>The component that messages come from and go to.</summary>
    public const string PubSub = "rollouts-pubsub";

    /// <summary>Where the sidecar delivers signals.</summary>
    public const string SignalsRoute = "/dapr/signals";

    /// <summary>Where the sidecar delivers what registries tell of pushed images.</summary>
    public const string ImagePushesRoute = "/dapr/image-pushes";

    private const string DeadLetters = "rollouts.dead-letters";

    private static readonly Subscription[] All =
    [
        new(PubSub, "rollouts.signals", SignalsRoute, DeadLetters),
        new(PubSub, "rollouts.image-pushes", ImagePushesRoute, DeadLetters),
    ];

    public static void MapSubscriptions(this WebApplication app) =>
        app.MapGet("/dapr/subscribe", () => All).AddEndpointFilter(SidecarToken.Check).ExcludeFromDescription();

    /// <summary>A subscription in the words that Dapr reads.</summary>
    internal sealed record Subscription(string Pubsubname, string Topic, string Route, string DeadLetterTopic);
}

/// <summary>What a sidecar is to do with a message.</summary>
/// <param name="Status">SUCCESS; RETRY: it is to be delivered again; DROP: it goes to the dead letters.</param>
internal sealed record Delivery(string Status)
{
    public static Delivery Success { get; } = new("SUCCESS");

    public static Delivery Retry { get; } = new("RETRY");

    public static Delivery Drop { get; } = new("DROP");
}
