import ToggleButton from '@cloudscape-design/components/toggle-button'
import { useStore } from '#api/store.ts'
import { notify } from '#app/notifications.tsx'
import { documents } from '#texts/documents.ts'
import { favourites, MOST_FAVOURITES, toggleFavourite } from './favourites.ts'

/** Marks a document as a favourite. */
export function FavouriteStar({ name }: { name: string }) {
  const pressed = useStore(favourites).includes(name)
  return (
    <ToggleButton
      variant="icon"
      iconName="star"
      pressedIconName="star-filled"
      pressed={pressed}
      ariaLabel={pressed ? documents.favourite.remove(name) : documents.favourite.add(name)}
      onChange={() => {
        if (!toggleFavourite(name)) notify({ type: 'info', header: documents.favourite.full(MOST_FAVOURITES) })
      }}
    />
  )
}
