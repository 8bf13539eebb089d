using System.CommandLine.Completions;
using DaprRollouts.Kubernetes.Resources;
using k8s;
using k8s.Models;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Completes names of objects by those that are in the cluster.</summary>
internal static class NameCompletion
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The names of a kind in the namespace that the line is about; none where the cluster does not answer, as nobody wants an error in the middle of a line.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Of<T>(Shell shell, ResourceKind<T> kind)
        where T : class, IKubernetesObject<V1ObjectMeta> => context =>
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, shell.Time);
            var target = shell.Connect(context.ParseResult);
            var found = Task.Run(() => target.Writer.ListAsync(kind, null, target.Namespace, null, patience.Token)).GetAwaiter().GetResult();
            return found.Select(o => new CompletionItem(o.Metadata.Name));
        }
        catch (Exception e) when (Failure.Of(e) is not null)
        {
            return [];
        }
    };
}
