using System.CommandLine;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Starts an aborted update again.</summary>
internal static class RetryVerb
{
    public static Command Create(Shell shell)
    {
        var name = RolloutName.Argument();
        var reason = RolloutName.Reason();
        var rollout = new Command("rollout", "Retry an aborted rollout.") { name, reason };
        rollout.Aliases.Add("ro");
        rollout.Aliases.Add("rollouts");
        rollout.SetAction(async (parsed, cancel) =>
        {
            var named = parsed.GetRequiredValue(name);
            await shell.Connect(parsed).SignalAsync(named, new Signal { Action = SignalAction.Retry, Reason = parsed.GetValue(reason) }, cancel);
            await shell.Out.WriteLineAsync($"rollout '{named}' retried");
        });
        return new Command("retry", "Retry an aborted rollout.") { rollout };
    }
}
