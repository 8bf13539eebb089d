using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>
/// Finds the objects that belong to a workload: its own as long as its selector fits, and those that fit and belong to nobody.
/// </summary>
internal sealed class Adoption(ControllerContext context, ResourceType ownerType, ResourceType? dependentType = null)
{
    private readonly ResourceType _dependents = dependentType ?? context.Type("", "pods");

    public List<StoredObject> Claim(StoredObject owner)
    {
        var selector = LabelSelector.From(owner.Spec.At("selector"));
        var claimed = new List<StoredObject>();
        foreach (var dependent in context.ControlledBy(owner, _dependents))
        {
            if (selector.Matches(dependent.Labels))
            {
                claimed.Add(dependent);
            }
            else if (!owner.IsDeleting)
            {
                Release(owner, dependent);
            }
        }
        if (!owner.IsDeleting)
        {
            var orphans = context.Registry.View(_dependents).In(owner.Key.Namespace)
                .Where(p => p.Controller is null && !p.IsDeleting && selector.Matches(p.Labels));
            claimed.AddRange(orphans.Select(p => Adopt(owner, p)));
        }
        return claimed;
    }

    private StoredObject Adopt(StoredObject owner, StoredObject dependent) => context.Registry.Update(
        _dependents, dependent.Key,
        content =>
        {
            var metadata = content.Ensure("metadata");
            var owners = metadata.Objects("ownerReferences").Where(o => o.Text("uid") != owner.Uid).Select(o => o.DeepClone());
            metadata["ownerReferences"] = new JsonArray([.. owners, OwnerReference.Controller(ownerType.GroupVersion, ownerType.Kind, owner)]);
            return content;
        },
        ControllerContext.Writer);

    private void Release(StoredObject owner, StoredObject dependent) => context.Registry.Update(
        _dependents, dependent.Key,
        content =>
        {
            var metadata = content.Ensure("metadata");
            var owners = metadata.Objects("ownerReferences").Where(o => o.Text("uid") != owner.Uid).Select(o => o.DeepClone());
            metadata.SetOrRemove("ownerReferences", new JsonArray([.. owners]));
            return content;
        },
        ControllerContext.Writer);
}
