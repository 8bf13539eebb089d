using System.CommandLine;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Ends an update; everything returns to the stable version.</summary>
internal static class AbortVerb
{
    public static Command Create(Shell shell)
    {
        var name = RolloutName.Argument();
        var reason = RolloutName.Reason();
        var command = new Command("abort", "Abort an update: everything returns to the stable version.") { name, reason };
        command.SetAction(async (parsed, cancel) =>
        {
            var rollout = parsed.GetRequiredValue(name);
            await shell.Connect(parsed).SignalAsync(rollout, new Signal { Action = SignalAction.Abort, Reason = parsed.GetValue(reason) }, cancel);
            await shell.Out.WriteLineAsync($"rollout '{rollout}' aborted");
        });
        return command;
    }
}
