using System.Text.Json.Nodes;
using DaprRollouts.Activities;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using k8s.Models;

namespace DaprRollouts.Tests.Activities;

/// <summary>Which of an abort and a new template was there first.</summary>
public sealed class AbortWitnessTests
{
    private readonly ResourceCache<Rollout> _rollouts = new();
    private readonly AbortWitness _witness;
    private int _version;

    public AbortWitnessTests() => _witness = new AbortWitness(_rollouts);

    [Theory]
    [InlineData("1, 1 aborted, 2 aborted", true)]
    [InlineData("1, 1 aborted, 2 aborted, 3 aborted", true)]
    [InlineData("1, 1 aborted, 2 aborted, 2, 2 aborted", false)]
    [InlineData("1, 1 aborted, 2 aborted, gone, 2 aborted", false)]
    [InlineData("1, 2, 2 aborted", false)]
    [InlineData("1, 2 aborted", false)] // both at once
    [InlineData("2 aborted", false)] // nobody watched
    public void It_is_known_if_it_was_seen(string story, bool templateIsNewer)
    {
        var last = Made("1", aborted: false);
        foreach (var words in story.Split(", ").Select(v => v.Split(' ')))
        {
            if (words[0] == "gone")
            {
                _rollouts.Remove(last);
            }
            else
            {
                _rollouts.Upsert(last = Made(words[0], words.Length > 1));
            }
        }

        Assert.Equal(templateIsNewer, _witness.SawTemplateComeAfterAbort(last));
    }

    private Rollout Made(string template, bool aborted) => new()
    {
        Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default", Uid = "uid", ResourceVersion = $"{++_version}" },
        Spec = new RolloutSpec { Template = new JsonObject { ["image"] = template } },
        Status = new RolloutStatus { Abort = aborted ? true : null },
    };
}
