using DaprRollouts.Core.Planning;
using DaprRollouts.Workflows.Contracts;
using Dapr.Workflow;

namespace DaprRollouts.Workflows;

/// <summary>
/// Takes one revision of a rollout from its first pod to the end of its reign. It does what the planner decided, and waits: for a change, a signal, or an instant.
/// After the update it stays in charge, asleep, until another revision takes its place or the object goes.
/// </summary>
public sealed class RolloutWorkflow : Workflow<RolloutRun, string>
{
    /// <summary>The name it is registered under.</summary>
    public const string Name = "RolloutWorkflow";

    // Well before a history grows large; with a dozen events a move it stays below a few hundred kilobytes.
    private const int MovesPerGeneration = 60;

    public override async Task<string> RunAsync(WorkflowContext context, RolloutRun run)
    {
        using var inbox = new Inbox(context);
        var story = new Story(run.Timeline);
        var crew = new Crew(context, run.Rollout);
        var report = await crew.ObserveAsync();
        for (var moves = 1; ; moves++)
        {
            story.Add(report.Done);
            switch (report.Next)
            {
                case Finish finish:
                    return finish.Why;

                case Perform perform:
                    report = await crew.PerformAsync(perform.Effect);
                    break;

                case Wait when moves > MovesPerGeneration && inbox.IsEmpty:
                    inbox.Close();
                    context.ContinueAsNew(new RolloutRun(crew.Rollout, story.Entries));
                    return "continued";

                case Wait wait:
                    context.SetCustomStatus(wait.For);
                    report = await inbox.NextAsync(wait.Until) is { } signal ? await crew.ApplyAsync(signal) : await crew.ObserveAsync();
                    break;
            }
        }
    }
}
