using Dapr.Workflow;

namespace DaprRollouts.Benchmarks;

/// <summary>What the worker of the benchmarks and of the crash tests can do.</summary>
public static class Workloads
{
    /// <summary>Runs as many activities as its input says, one after the other.</summary>
    internal const string Chain = "Chain";

    /// <summary>Waits for a month.</summary>
    internal const string Wait = "Wait";

    /// <summary>Runs an activity every hour, for as many hours as its input says.</summary>
    public const string Hourly = "Hourly";

    /// <summary>When an activity of a chain is run, and of which instance.</summary>
    internal static event Action<string>? ActivityArrived;

    /// <summary>When a chain has come to its end.</summary>
    internal static event Action<string>? ChainEnded;

    /// <summary>Registers all of it.</summary>
    public static void Register(WorkflowRuntimeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.RegisterWorkflow<int, int>(Chain, async (context, activities) =>
        {
            for (var i = 0; i < activities; i++)
            {
                await context.CallActivityAsync<int>("Step", i);
            }

            ChainEnded?.Invoke(context.InstanceId);
            return activities;
        });
        options.RegisterWorkflow<int, int>(Wait, async (context, days) =>
        {
            await context.CreateTimer(TimeSpan.FromDays(days));
            return days;
        });
        options.RegisterWorkflow<int, int>(Hourly, async (context, hours) =>
        {
            for (var hour = 0; hour < hours; hour++)
            {
                await context.CreateTimer(TimeSpan.FromHours(1));
                await context.CallActivityAsync<int>("Step", hour);
            }

            return hours;
        });
        options.RegisterActivity<int, int>("Step", (context, number) =>
        {
            ActivityArrived?.Invoke(context.InstanceId);
            return Task.FromResult(number);
        });
        Journey.Register(options);
    }
}
