using Dapr.Workflow;

namespace DaprRollouts.Benchmarks;

/// <summary>Where a journey stands.</summary>
/// <param name="Received">The events it has had, in order.</param>
/// <param name="Sum">What activities and children have made of them.</param>
public sealed record JourneyState(IReadOnlyList<int> Received, long Sum);

/// <summary>
/// A workflow with something of everything: for each event an activity beside a timer, for some a child, and after a few of them it continues as new. It ends when it is told.
/// </summary>
public static class Journey
{
    /// <summary>The name of the workflow.</summary>
    public const string Name = "Journey";

    /// <summary>The event that each step waits for; its payload is a number.</summary>
    public const string Step = "step";

    /// <summary>The number that ends a journey.</summary>
    public const int End = -1;

    private const int StepsOfExecution = 3;
    private const int ChildEvery = 2;

    /// <summary>What a journey has for its sum when it has received these numbers.</summary>
    public static long SumOf(IEnumerable<int> received) => received.Sum(n => (3L * n) + (n % ChildEvery == 0 ? (5L * n) + 1 : 0));

    internal static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<JourneyState, JourneyState>(Name, RunAsync);
        options.RegisterWorkflow<int, long>("Excursion", async (context, number) =>
        {
            var parts = await Task.WhenAll(context.CallActivityAsync<long>("Times", new[] { 2, number }), context.CallActivityAsync<long>("Times", new[] { 3, number }));
            await context.CreateTimer(TimeSpan.FromMilliseconds(number % 3));
            return parts.Sum() + 1;
        });
        options.RegisterActivity<int[], long>("Times", (_, factors) => Task.FromResult((long)factors[0] * factors[1]));
    }

    private static async Task<JourneyState> RunAsync(WorkflowContext context, JourneyState state)
    {
        for (var step = 0; step < StepsOfExecution; step++)
        {
            var number = await context.WaitForExternalEventAsync<int>(Step);
            if (number == End)
            {
                return state;
            }

            var pause = context.CreateTimer(TimeSpan.FromMilliseconds(number % 5));
            var sum = await context.CallActivityAsync<long>("Times", new[] { 3, number });
            if (number % ChildEvery == 0)
            {
                sum += await context.CallChildWorkflowAsync<long>("Excursion", number, new ChildWorkflowTaskOptions($"{context.InstanceId}-{number}"));
            }

            await pause;
            state = new JourneyState([.. state.Received, number], state.Sum + sum);
        }

        context.ContinueAsNew(state);
        return state;
    }
}
