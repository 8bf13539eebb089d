using System.Text.Json.Nodes;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using k8s.Models;

namespace DaprRollouts.Activities;

/// <summary>Ownership by a Rollout.</summary>
internal static class Owner
{
    /// <summary>The controlling owner reference of what a Rollout makes: it goes when the Rollout goes.</summary>
    public static JsonObject Reference(RolloutView rollout) => new()
    {
        ["apiVersion"] = Kinds.Rollouts.ApiVersion,
        ["kind"] = Kinds.Rollouts.Kind,
        ["name"] = rollout.Name,
        ["uid"] = rollout.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>An owner reference as it is.</summary>
    public static JsonNode Copy(V1OwnerReference owner) => new JsonObject
    {
        ["apiVersion"] = owner.ApiVersion,
        ["kind"] = owner.Kind,
        ["name"] = owner.Name,
        ["uid"] = owner.Uid,
        ["controller"] = owner.Controller,
        ["blockOwnerDeletion"] = owner.BlockOwnerDeletion,
    };
}
